/**
 * The app's log: one JSON object per line in `<data folder>/logs/ai4k8s.log`.
 *
 * Promises: every line passes the redactor, whatever was put into it; a file is at most 5 MB, and five are kept.
 * Never: writes to the terminal, throws at its caller, or sends anything anywhere.
 * Decided against: levels that can be switched off (what is worth a line is worth having when something went wrong), and
 * buffering (the lines before a crash are the ones that are wanted).
 */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { Redactor } from './redact.ts';

/** A line says what happened, as a sentence, and with which values. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown, fields?: Readonly<Record<string, unknown>>): void;
}

export interface FileLogOptions {
  readonly now?: () => number;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

export class FileLog implements Log {
  readonly redactor = new Redactor();
  readonly #path: string;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #handle: number | null = null;
  #bytes = 0;

  constructor(dataDir: string, { now = Date.now, maxBytes = 5_000_000, maxFiles = 5 }: FileLogOptions = {}) {
    const folder = join(dataDir, 'logs');
    this.#path = join(folder, 'ai4k8s.log');
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#maxFiles = maxFiles;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#open();
  }

  info(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#write('warn', message, fields);
  }

  error(message: string, error: unknown, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#write('error', message, { ...fields, error: describeError(error) });
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  #write(level: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#handle === null) return;
    const line = `${this.redactor.redact(toJson({ at: new Date(this.#now()).toISOString(), level, message, ...fields }))}\n`;
    const bytes = Buffer.byteLength(line);
    try {
      if (this.#bytes + bytes > this.#maxBytes && this.#bytes > 0) this.#rotate();
      writeSync(this.#handle, line);
      this.#bytes += bytes;
    } catch {
      // A full disk must not take the app down; the storage says so where it matters.
    }
  }

  #rotate(): void {
    this.close();
    for (let number = this.#maxFiles - 1; number >= 1; number -= 1) {
      const from = number === 1 ? this.#path : `${this.#path}.${String(number - 1)}`;
      if (existsSync(from)) renameSync(from, `${this.#path}.${String(number)}`);
    }
    this.#open();
  }

  #open(): void {
    this.#handle = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(this.#handle).size;
  }
}

/** Code and message of a foreseen failure, the whole of any other; causes with it. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return inspect(error, { depth: 3 });
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  if (error instanceof AppError) return { ...error.failure, ...cause };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}

function toJson(line: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(line);
  } catch {
    return JSON.stringify({ at: line['at'], level: line['level'], message: line['message'], fields: inspect(line) });
  }
}
