import { randomUUID } from 'node:crypto';
import type { Caller, Channel, Reply } from '../shared/channel.ts';
import { channels, type Handlers } from '../shared/contract.ts';
import { AppError, type Failure } from '../shared/errors.ts';

type Handler = (input: unknown, caller: Caller) => unknown;
/** Called once per failure, with the reference that the person sees for an unexpected one. */
export type Report = (channel: string, error: unknown, reference: string) => void;
export type Dispatch = (name: string, input: unknown, caller: Caller) => Promise<Reply<unknown>>;

/**
 * The one door of the application. In this order: the request is known, the caller may, the input parses, the handler
 * runs, the output parses (which drops every key that is not declared), and whatever was thrown becomes a `Failure`.
 * Value and failure pass `clean`, which takes known secrets out. Never rejects.
 */
export function createDispatch(
  handlers: Handlers,
  report: Report,
  clean: <T>(value: T) => T = (value) => value,
): Dispatch {
  return async (name, input, caller) => {
    try {
      const channel = known(name);
      admit(channel, caller);
      const parsed = channel.input.safeParse(input);
      if (!parsed.success) throw invalidInput(name, parsed.error.issues, parsed.error);
      // Sound by HandlersFor at the call of createDispatch; a mapped type cannot be narrowed by a runtime key.
      const handler = handlers[name as keyof Handlers] as Handler;
      return { ok: true, value: clean(channel.output.parse(await handler(parsed.data, caller))) };
    } catch (error) {
      const reference = randomUUID().slice(0, 8);
      report(name, error, reference);
      return { ok: false, failure: cleaned(failureOf(error, reference), reference, clean) };
    }
  };
}

/** A failure that cannot be cleaned of secrets is told as an unexpected one, which has nothing of it. */
function cleaned(failure: Failure, reference: string, clean: (failure: Failure) => Failure): Failure {
  try {
    return clean(failure);
  } catch {
    return failureOf(null, reference);
  }
}

function known(name: string): Channel {
  if (!Object.hasOwn(channels, name)) {
    throw new AppError({
      code: 'request.unknown-channel',
      message: 'The window asked for something this version of the app does not have.',
      remedy: 'Reload the window; if it stays, restart the app.',
    });
  }
  return channels[name as keyof typeof channels];
}

function admit(channel: Channel, caller: Caller): void {
  if (channel.access === 'anyone') return;
  if (caller.account === null) {
    throw new AppError({ code: 'request.not-signed-in', message: 'Nobody is signed in.', remedy: 'Sign in.' });
  }
  if (channel.access === 'admin' && caller.account.role !== 'admin') {
    throw new AppError({
      code: 'request.not-allowed',
      message: 'Only an administrator of this app can do this.',
      remedy: 'Ask an administrator of this app.',
    });
  }
}

function invalidInput(name: string, issues: readonly { path: readonly PropertyKey[] }[], cause: unknown): AppError {
  const where = [...new Set(issues.map((issue) => issue.path.join('.') || 'the whole input'))].join(', ');
  return new AppError(
    {
      code: 'request.invalid-input',
      message: `The request ${name} was not understood: ${where}.`,
      remedy: 'Check what was typed; if it looks right, report this.',
    },
    { cause },
  );
}

/** What the person is told. A cause, a stack or a value never crosses. */
export function failureOf(error: unknown, reference: string): Failure {
  if (error instanceof AppError) return error.failure;
  return {
    code: 'unexpected',
    message: `Something went wrong inside the app (reference ${reference}).`,
    remedy: 'Try again; if it stays, open Self-check and report the reference.',
  };
}
