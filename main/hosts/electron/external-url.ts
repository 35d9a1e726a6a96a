import { AppError } from '../../../shared/errors.ts';

/** The URL in its normal form, where it is plain https. Throws AppError 'request.not-allowed' for everything else. */
export function refuseUnsafe(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href;
  throw new AppError({
    code: 'request.not-allowed',
    message: 'This link is not opened: only plain https addresses are.',
    remedy: 'Copy the address, look at it, and open it yourself.',
  });
}
