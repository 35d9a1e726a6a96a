import { z } from 'zod';
import { errorCodes } from './errors.ts';

/** `Failure` on the wire, where one is part of a value (a state, a result) and not a reply of its own. */
export const FailureSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  remedy: z.string(),
  cluster: z.string().optional(),
  tool: z.string().optional(),
  retryAfterMs: z.number().optional(),
});
