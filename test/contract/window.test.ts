import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Closers } from '../../main/closers.ts';
import { buildRenderer } from '../../main/hosts/build-renderer.ts';

const root = join(import.meta.dirname, '..', '..');
const window = join(root, 'out', 'window');

describe('the built window', () => {
  let scripts: { name: string; text: string }[];
  let html: string;
  beforeAll(async () => {
    await buildRenderer(root, () => undefined, new Closers());
    html = readFileSync(join(window, 'index.html'), 'utf8');
    scripts = readdirSync(join(window, 'assets'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, text: readFileSync(join(window, 'assets', name), 'utf8') }));
  }, 120_000);

  test('holds no zod: what it gets was validated on the side that is trusted', () => {
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter(({ text }) => /ZodError|\$ZodType|_zod\b/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('holds nothing of node', () => {
    const node = /(from|import|require\()\s*["'](node:[a-z/]+|fs|path|crypto|child_process|net|os)["']/;
    expect(scripts.filter(({ text }) => node.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('needs no inline script and no inline style, which its policy refuses', () => {
    expect(html.match(/<script(?![^>]*\bsrc=)[^>]*>/g) ?? []).toEqual([]);
    expect(html.match(/<style|\sstyle=|\son[a-z]+=/g) ?? []).toEqual([]);
    expect(html.match(/(src|href)="(https?:)?\/\//g) ?? []).toEqual([]);
  });
});
