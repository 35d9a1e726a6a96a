import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Each library, and the only places that may import it. Said again here, so that a lint rule switched off is seen. */
const doors: Readonly<Record<string, readonly string[]>> = {
  electron: ['main/hosts/electron/', 'preload/'],
  'better-sqlite3': ['main/storage/'],
  '@modelcontextprotocol/sdk': ['main/mcp/'],
  'openid-client': ['main/gate/upstream-issuer.ts'],
  'socks-proxy-agent': ['main/gate/upstream-proxy.ts'],
  'js-yaml': ['main/kubeconfig/'],
  zustand: ['renderer/'],
  zod: ['shared/', 'main/'],
};

const sources = ['shared', 'main', 'preload', 'renderer'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|cts|js)$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') };
    }),
);

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import|import\()\s*['"]([^'"]+)['"]/g)].map(([, name]) => name ?? '');
}

describe('the doors', () => {
  test.for(Object.entries(doors))('%s is imported only where it belongs', ([name, places]) => {
    const users = sources.filter(({ text }) =>
      importsOf(text).some((one) => one === name || one.startsWith(`${name}/`)),
    );
    expect(users.map(({ path }) => path).filter((path) => !places.some((place) => path.startsWith(place)))).toEqual([]);
  });

  test('the product never imports the demo, and the demo imports nothing of ours but shared', () => {
    const inDemo = (path: string) => path.startsWith('main/demo/');
    const users = sources.filter(
      ({ path, text }) => !inDemo(path) && importsOf(text).some((one) => one.includes('/demo/')),
    );
    expect(users.map(({ path }) => path)).toEqual([]);
    const out = sources
      .filter(({ path }) => inDemo(path))
      .flatMap(({ path, text }) => importsOf(text).map((one) => `${path}: ${one}`))
      .filter((line) => line.includes(': .') && leavesDemo(line));
    expect(out).toEqual([]);
  });

  test('nothing imports a host but a host, and shared and preload import nothing above them', () => {
    const wrong = sources.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((one) => one.startsWith('.'))
        .map((one) => [path, join(path, '..', one).split(sep).join('/')] as const)
        .filter(
          ([from, to]) =>
            (to.startsWith('main/hosts/') && !from.startsWith('main/hosts/')) ||
            (from.startsWith('shared/') && !to.startsWith('shared/')) ||
            (from.startsWith('preload/') && !to.startsWith('shared/')) ||
            (from.startsWith('renderer/') && !/^(renderer|shared)\//.test(to)),
        )
        .map(([from, to]) => `${from} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no lint rule is switched off in the product', () => {
    expect(sources.filter(({ text }) => text.includes('eslint-disable')).map(({ path }) => path)).toEqual([]);
  });

  test('nothing in the product weakens TLS, runs a shell, or compiles text as code', () => {
    const weak =
      /rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED|shell:\s*true|\beval\(|new Function\(|dangerouslySetInnerHTML/;
    const product = sources.filter(({ path }) => !path.startsWith('main/demo/'));
    expect(product.filter(({ text }) => weak.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

/** Whether an import in the demo, `path: target`, leads into the product, shared aside. */
function leavesDemo(line: string): boolean {
  const [path = '', target = ''] = line.split(': ');
  const to = join(path, '..', target).split(sep).join('/');
  return !to.startsWith('main/demo/') && !to.startsWith('shared/');
}
