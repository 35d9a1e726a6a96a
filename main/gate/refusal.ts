import { AppError, type ErrorCode } from '../../shared/errors.ts';

export interface RefusalDetail {
  /** HTTP status of the answer to a client over the port. */
  readonly status: number;
  /** `reason` of the Status body. */
  readonly reason: string;
  readonly message: string;
  readonly remedy?: string;
  readonly code?: ErrorCode;
  readonly cluster?: string;
}

/** The gate's own no: nothing was forwarded. */
export class Refusal extends AppError {
  readonly status: number;
  readonly reason: string;
  constructor({ status, reason, message, remedy, code, cluster }: RefusalDetail) {
    super({
      code: code ?? 'gate.refused',
      message,
      remedy: remedy ?? 'Ask for the change itself, so that it can be previewed and approved.',
      ...(cluster === undefined ? {} : { cluster }),
    });
    this.name = 'Refusal';
    this.status = status;
    this.reason = reason;
  }
}

/** 400: the request cannot be read in only one way. */
export function badRequest(message: string): Refusal {
  return new Refusal({ status: 400, reason: 'BadRequest', message, remedy: 'Send the request in its plain form.' });
}

/** 403: the request is clear, and not allowed. */
export function forbidden(message: string, remedy?: string): Refusal {
  return new Refusal({ status: 403, reason: 'Forbidden', message, ...(remedy === undefined ? {} : { remedy }) });
}

/** 403: no dry run is known for this write, so it is never guessed. */
export function notPreviewable(message: string): Refusal {
  return new Refusal({
    status: 403,
    reason: 'Forbidden',
    code: 'gate.not-previewable',
    message,
    remedy: 'Run it outside the app, where you answer for it yourself.',
  });
}
