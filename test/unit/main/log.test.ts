import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { FileLog } from '../../../main/log.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ai4k8s-log-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
const files = () => readdirSync(join(dir, 'logs')).sort();
const text = (name = 'ai4k8s.log') => readFileSync(join(dir, 'logs', name), 'utf8');

describe('the log', () => {
  test('writes one JSON object per line, with time, level and fields', () => {
    const log = new FileLog(dir, { now: () => 0 });
    log.info('served', { status: 200 });
    log.warn('slow');
    log.close();
    expect(text()).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","level":"info","message":"served","status":200}\n' +
        '{"at":"1970-01-01T00:00:00.000Z","level":"warn","message":"slow"}\n',
    );
  });

  test('redacts every line, wherever the secret stands', () => {
    const log = new FileLog(dir);
    log.redactor.register('registered-secret');
    const cause = new Error('Authorization: Bearer cause-secret');
    const failure = { code: 'cluster.failed', message: 'token: message-secret', remedy: 'r' } as const;
    log.info('with registered-secret', { 'header token': 'Bearer field-secret', nested: [{ token: 'nested-secret' }] });
    log.error('failed', new AppError(failure, { cause }));
    log.error('failed', new Error('password=thrown-secret'));
    log.close();
    expect(text()).not.toMatch(/(registered|field|nested|message|cause|thrown)-secret/);
    expect(
      text()
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { level: string }).level),
    ).toEqual(['info', 'error', 'error']);
  });

  test('turns a full file over and keeps so many', () => {
    const log = new FileLog(dir, { maxBytes: 500, maxFiles: 3 });
    for (let number = 0; number < 50; number += 1) log.info(`line ${String(number)}`);
    log.close();
    expect(files()).toEqual(['ai4k8s.log', 'ai4k8s.log.1', 'ai4k8s.log.2']);
    for (const name of files()) expect(statSync(join(dir, 'logs', name)).size).toBeLessThanOrEqual(500);
    expect(text()).toContain('line 49');
  });

  test('goes on where the last run ended', () => {
    for (const message of ['first', 'second']) {
      const log = new FileLog(dir);
      log.info(message);
      log.close();
    }
    expect(text()).toMatch(/first[^]*second/);
  });

  test('writes what JSON cannot, rather than throw', () => {
    const log = new FileLog(dir);
    const circular: Record<string, unknown> = { big: 1n };
    circular['self'] = circular;
    log.info('odd', circular);
    log.close();
    expect(text()).toContain('"message":"odd"');
  });
});
