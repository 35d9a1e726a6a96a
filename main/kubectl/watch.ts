import type { Call } from './call.ts';
import { unsupported } from './command-error.ts';
import type { Outcome } from './outcome.ts';
import type { Printer } from './print/printer.ts';
import type { TableOptions } from './print/table.ts';
import type { Target } from './resource-names.ts';

/** `--watch`. */
export async function watchTables(
  _call: Call,
  _targets: readonly Target[],
  _options: Omit<TableOptions, 'kinds'>,
  _printer: Printer | null,
): Promise<Outcome> {
  throw unsupported('watch', 'later');
}
