import { createContext, useContext } from 'react';
import type { CommandResult } from '../../shared/commands.ts';

/** Who runs a command that a row asks for. The conversation provides it: results do not know the chat. */
export const RowCommandContext = createContext<(line: string, result: CommandResult) => void>(() => undefined);

/** Runs a command on the cluster that a result came from. */
export function useRowCommand(result: CommandResult): (line: string) => void {
  const run = useContext(RowCommandContext);
  return (line) => run(line, result);
}
