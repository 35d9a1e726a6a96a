import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { Account } from '../../shared/channel.ts';
import type { ProgramQuestion } from '../../shared/mcp.ts';
import { FactFinder, type ProgramFact } from '../kubeconfig/facts.ts';
import { loginPath } from '../kubeconfig/login-path.ts';
import { shownArguments } from '../kubeconfig/trust.ts';
import type { ExternalTransport } from './external-connection.ts';

/** What accounts allowed, each by the digest of exactly that. */
export interface KeptConsents {
  has(account: Account, question: string): boolean;
  give(account: Account, questions: readonly Pick<ProgramQuestion, 'id' | 'text'>[]): void;
}

export type Admitted =
  | { readonly kind: 'admitted'; readonly transport: ExternalTransport }
  | { readonly kind: 'untrusted'; readonly question: ProgramQuestion };

/**
 * Consent to the programs of MCP servers over stdio: to the command, the file that it leads to, the content of that
 * file, and each argument. What a script loads in its turn is beyond this check.
 */
export class ProgramConsents {
  readonly #consents: KeptConsents;
  readonly #finder: FactFinder;

  /** @param searchPath PATH in which commands are looked up */
  constructor(consents: KeptConsents, searchPath: () => Promise<string> = loginPath) {
    this.#consents = consents;
    this.#finder = new FactFinder(searchPath);
  }

  /**
   * The way to a server, its command resolved to the file that was looked at, or the question that is open. `allow`:
   * the question that the person just allowed. Throws AppError 'mcp.server-not-running' where there is no such program.
   */
  async admit(
    account: Account,
    server: { readonly id: string; readonly name: string },
    transport: ExternalTransport,
    allow?: string,
  ): Promise<Admitted> {
    if (transport.kind === 'http') return { kind: 'admitted', transport };
    const program = await this.#finder.program(transport.command);
    const question = questionOf(server, transport, program);
    if (allow === question.id) this.#consents.give(account, [question]);
    if (!this.#consents.has(account, question.id)) return { kind: 'untrusted', question };
    return { kind: 'admitted', transport: { ...transport, command: program.path ?? transport.command } };
  }
}

function questionOf(
  { id, name }: { readonly id: string; readonly name: string },
  { command, arguments: args }: Extract<ExternalTransport, { kind: 'stdio' }>,
  { path, real, sha256 }: ProgramFact,
): ProgramQuestion {
  const refuse = (message: string, remedy: string) => new AppError({ code: 'mcp.server-not-running', message, remedy });
  if (path === null) {
    throw refuse(`The command of ${name} was not found.`, 'Name it by its full path, or put it into your PATH.');
  }
  if (sha256 === null) {
    throw refuse(`The command of ${name} cannot be read and so cannot be checked.`, 'Make its file readable.');
  }
  return {
    // JSON of arrays is unambiguous: no value can pass for two.
    id: createHash('sha256')
      .update(JSON.stringify(['mcp-server', id, command, path, real, sha256, args]))
      .digest('hex'),
    text: `Runs a program of this machine as the MCP server ${name}, with your rights and without the gate.`,
    details: [
      { label: 'Command', value: command },
      { label: 'Program', value: path },
      ...(real === null || real === path ? [] : [{ label: 'Leads to', value: real }]),
      ...shownArguments(args).map((value, index) => ({ label: `Argument ${String(index + 1)}`, value })),
      { label: 'SHA-256', value: sha256 },
    ],
  };
}
