import type { Call } from '../call.ts';
import { unsupported } from '../command-error.ts';
import type { Outcome } from '../outcome.ts';

export async function describe(_call: Call): Promise<Outcome> {
  throw unsupported('describe', 'later');
}
