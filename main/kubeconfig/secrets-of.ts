import { secretName } from './trust.ts';
import type { Material } from './material.ts';

/**
 * Every credential that a context holds in its kubeconfig, sent or not: they must appear nowhere else, whoever repeats
 * them. Arguments and variables of a plugin count where their names say so and their values are no ordinary words.
 */
export function secretsOf({ cluster, user }: Material): readonly string[] {
  const { token, password, keyData, exec, authProvider } = user;
  const config = authProvider?.config ?? {};
  const proxy = cluster.proxyUrl === null ? null : URL.parse(cluster.proxyUrl);
  return [
    token,
    password,
    keyData,
    keyData === null ? null : Buffer.from(keyData, 'base64').toString('utf8').trim(),
    ...['id-token', 'refresh-token', 'access-token', 'client-secret'].map((key) => config[key] ?? null),
    proxy === null || proxy.password === '' ? null : decodeURIComponent(proxy.password),
    ...(exec?.env ?? []).map(({ name, value }) => (secretName.test(name) && isUnusual(value) ? value : null)),
    ...secretArguments(exec?.args ?? []),
  ].filter((secret) => secret !== null && secret !== '') as string[];
}

function secretArguments(args: readonly string[]): string[] {
  return args.flatMap((argument, index) => {
    const [, option = '', joined] = /^(--?[^=]+)=(.+)$/s.exec(argument) ?? [];
    if (joined !== undefined) return secretName.test(option) && isUnusual(joined) ? [joined] : [];
    const previous = args[index - 1] ?? '';
    const follows = previous.startsWith('-') && !previous.includes('=') && !argument.startsWith('-');
    return follows && secretName.test(previous) && isUnusual(argument) ? [argument] : [];
  });
}

/** A word such as `production` would be taken out of everything that is shown. */
function isUnusual(value: string): boolean {
  return /\d/.test(value) || value.length >= 16;
}
