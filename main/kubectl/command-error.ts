import { correctIt } from '../../shared/command-line.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';

/**
 * A command that ends as kubectl would end it: `stderr` is what kubectl prints, in its own words, without the last
 * newline. The remedy is ours.
 */
export class CommandError extends AppError {
  readonly stderr: string;
  readonly exitCode: number;
  constructor(
    code: ErrorCode,
    stderr: string,
    remedy: string,
    options: { exitCode?: number; cluster?: string; cause?: unknown } = {},
  ) {
    super(
      {
        code,
        message: headline(stderr),
        remedy,
        ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
      },
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.stderr = stderr;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The command could not be understood. kubectl says it as `error: ...`. */
export function invalid(text: string, remedy = correctIt): CommandError {
  return new CommandError('command.invalid', `error: ${text}`, remedy);
}

/** The command line itself is wrong; kubectl's parser says it as `Error: ...` and names the help. */
export function misused(text: string, verb: string, remedy = correctIt): CommandError {
  return new CommandError('command.invalid', `Error: ${text}\nSee 'kubectl ${verb} --help' for usage.`, remedy);
}

/** kubectl has it, this app does not. */
export function unsupported(text: string, remedy: string): CommandError {
  return new CommandError('command.unsupported', `error: ${text}`, remedy);
}

function headline(stderr: string): string {
  const first = stderr.split('\n')[0] ?? '';
  return first.replace(/^([Ee]rror: |Error in configuration: |Error from server( \(\w+\))?: )/, '');
}
