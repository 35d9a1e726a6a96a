/**
 * Faults on demand, for tests of clients: PUT /demo/faults with a JSON list of them replaces those in force (as an
 * administrator; GET shows them, DELETE ends them). They concern resource requests and discovery, never this path.
 */
import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { ApiError } from './errors.ts';

/**
 * `latency`: waits `ms` before each answer. `error`: answers `code` (429 and 503 with Retry-After). `drop-watches`:
 * ends watches after `ms`. `drop-connections`: closes every connection once. `hang`: never answers.
 * `expired-certificate` / `valid-certificate`: new connections get that. `compact`: watches from the past answer 410.
 */
export interface Fault {
  kind:
    | 'latency'
    | 'error'
    | 'drop-watches'
    | 'drop-connections'
    | 'hang'
    | 'expired-certificate'
    | 'valid-certificate'
    | 'compact';
  ms?: number;
  code?: number;
  retryAfterSeconds?: number;
  /** Only paths that contain this. */
  path?: string;
  /** Only this HTTP method. */
  method?: string;
  /** Ends after so many requests. */
  times?: number;
}

const reasons: Record<number, string> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

export class Faults {
  #inForce: Fault[] = [];
  /** Set by the server: renews its certificate with this validity (negative: expired; undefined: a year). */
  onCertificate: (validMs: number | undefined) => void = () => undefined;
  onDropConnections: () => void = () => undefined;
  onCompact: () => void = () => undefined;

  get inForce(): readonly Fault[] {
    return this.#inForce;
  }

  /** Replaces the faults in force; those that act once act now. */
  set(faults: Fault[]): void {
    this.#inForce = faults.filter(
      ({ kind }) => kind === 'latency' || kind === 'error' || kind === 'drop-watches' || kind === 'hang',
    );
    for (const { kind } of faults) {
      if (kind === 'compact') this.onCompact();
      if (kind === 'expired-certificate') this.onCertificate(-3_600_000);
      if (kind === 'valid-certificate') this.onCertificate(undefined);
      if (kind === 'drop-connections') this.onDropConnections();
    }
  }

  /** True where a fault has answered, or will never answer. */
  async intercept(request: IncomingMessage, answer: Answer): Promise<boolean> {
    const url = request.url ?? '';
    if (url.startsWith('/demo/')) return false;
    for (const fault of [...this.#inForce]) {
      if (fault.path && !url.includes(fault.path)) continue;
      if (fault.method && fault.method !== request.method) continue;
      if (fault.times !== undefined && --fault.times <= 0)
        this.#inForce = this.#inForce.filter((each) => each !== fault);
      if (fault.kind === 'hang') return true;
      if (fault.kind === 'latency') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000));
      if (fault.kind === 'drop-watches' && /[?&]watch\b/.test(url)) {
        setTimeout(() => answer.response.destroy(), fault.ms ?? 1000).unref();
      }
      if (fault.kind === 'error') throw errorOf(fault);
    }
    return false;
  }
}

function errorOf({ code = 503, retryAfterSeconds = code === 429 || code === 503 ? 1 : undefined }: Fault): ApiError {
  const message =
    code === 429
      ? 'the server has received too many requests and has asked us to try again later'
      : `the server is failing on demand with ${String(code)}`;
  return new ApiError(code, reasons[code] ?? 'InternalError', message, retryAfterSeconds ? { retryAfterSeconds } : {});
}
