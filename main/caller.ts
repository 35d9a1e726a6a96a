import type { Account, Caller } from '../shared/channel.ts';
import { AppError } from '../shared/errors.ts';

/** The account of a caller. The door let only signed-in callers reach a 'user' channel, so null is a mistake of ours. */
export function signedIn(caller: Caller): Account {
  if (caller.account !== null) return caller.account;
  throw new AppError({ code: 'request.not-signed-in', message: 'Nobody is signed in.', remedy: 'Sign in.' });
}
