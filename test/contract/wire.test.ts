import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { channels, events, type EventName, type Handlers } from '../../shared/contract.ts';
import { createDispatch } from '../../main/dispatch.ts';
import type { Host } from '../../main/host.ts';
import type { Log } from '../../main/log.ts';
import { createPublish } from '../../main/publish.ts';
import type { Channel } from '../../shared/channel.ts';
import { samplesOf, type JsonSchema } from '../support/json-samples.ts';

const named = Object.entries(channels) as [keyof typeof channels, Channel][];
const isVoid = (schema: z.ZodType) => schema.def.type === 'void';
const account = { id: 'local', role: 'admin' } as const;
const caller = { client: 'test', account };
const canary = 'canary-4711';
const plant = (object: Record<string, unknown>) => ({ ...object, token: canary, nested: { password: canary } });
const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'throw' }) as JsonSchema;

/** Every schema within, with the path to it. */
function* within(schema: JsonSchema, path: string): Generator<[string, JsonSchema]> {
  yield [path, schema];
  for (const [key, value] of Object.entries(schema.properties ?? {})) yield* within(value, `${path}.${key}`);
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    yield* within(one, path);
  if (schema.items !== undefined) yield* within(schema.items, `${path}[]`);
}

describe('the wire', () => {
  test.for(named)('%s takes and gives JSON and nothing else', ([, { input, output }]) => {
    for (const schema of [input, output]) if (!isVoid(schema)) schemaOf(schema);
  });

  test.for(Object.entries(events))('the event %s is JSON and nothing else', ([, schema]) => {
    schemaOf(schema);
  });

  test('no output and no event has a place where anything may stand', () => {
    const all = [...named.map(([name, { output }]) => [name, output] as const), ...Object.entries(events)];
    const open = all
      .filter(([, schema]) => !isVoid(schema))
      .flatMap(([name, schema]) => [...within(schemaOf(schema), name)])
      .filter(([, schema]) => Object.keys(schema).filter((key) => key !== '$schema').length === 0)
      .map(([path]) => path);
    expect(open).toEqual([]);
  });

  test.for(named)('the door drops from the output of %s what is not declared', async ([name, { input, output }]) => {
    if (isVoid(output)) return;
    const givens = samplesOf(schemaOf(output), plant);
    expect(givens.length).toBeGreaterThan(0);
    const asked = isVoid(input) ? undefined : samplesOf(z.toJSONSchema(input) as JsonSchema, (object) => object)[0];
    for (const given of givens) {
      const handlers = Object.fromEntries(named.map(([each]) => [each, () => given])) as unknown as Handlers;
      const reply = await createDispatch(handlers, () => undefined)(name, asked, caller);
      expect(reply).toMatchObject({ ok: true });
      expect(JSON.stringify(reply)).not.toContain(canary);
    }
  });

  test.for(Object.entries(events))('the mouth drops from %s what is not declared', ([name, schema]) => {
    const said: unknown[] = [];
    const host: Host = { kind: 'browser', openExternal: null, publish: (_, payload) => said.push(payload) };
    const refused: unknown[] = [];
    const log: Log = { info: () => undefined, warn: () => undefined, error: (_, error) => refused.push(error) };
    const givens = samplesOf(schemaOf(schema), plant);
    for (const given of givens) createPublish(host, log)(name as EventName, given as never);
    expect(refused).toEqual([]);
    expect(said).toHaveLength(givens.length);
    expect(JSON.stringify(said)).not.toContain(canary);
  });

  test('an event that does not fit stays here and is logged', () => {
    const said: unknown[] = [];
    const host: Host = { kind: 'browser', openExternal: null, publish: (_, payload) => said.push(payload) };
    const refused: unknown[] = [];
    const log: Log = { info: () => undefined, warn: () => undefined, error: (_, error) => refused.push(error) };
    createPublish(host, log)('settings.changed', { theme: 'pink' } as never);
    expect([said.length, refused.length]).toEqual([0, 1]);
  });
});

test('what cannot be cleaned of secrets is not sent, and neither the door nor the mouth throws for it', async () => {
  const clean = () => {
    throw new SyntaxError('not clean');
  };
  const said: unknown[] = [];
  const refused: unknown[] = [];
  const host: Host = { kind: 'browser', openExternal: null, publish: (_, payload) => said.push(payload) };
  const log: Log = { info: () => undefined, warn: () => undefined, error: (_, error) => refused.push(error) };
  createPublish(host, log, clean)('settings.changed', { theme: 'dark', conversationsShown: true });
  expect([said.length, refused.length]).toEqual([0, 1]);
  const reply = await createDispatch({} as unknown as Handlers, () => undefined, clean)('no.such', undefined, caller);
  expect(reply).toMatchObject({ ok: false, failure: { code: 'unexpected' } });
});

describe('the door', () => {
  const dispatch = createDispatch(
    Object.fromEntries(
      named.map(([name]) => [
        name,
        () => {
          throw new Error(`secret ${canary}`);
        },
      ]),
    ) as unknown as Handlers,
    () => undefined,
  );

  test.for([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '',
    'settings',
    'settings.get ',
    'SETTINGS.GET',
    'a'.repeat(10_000),
  ])('does not know %j', async (name) => {
    expect(await dispatch(name, undefined, caller)).toMatchObject({
      ok: false,
      failure: { code: 'request.unknown-channel' },
    });
  });

  test.for(named)('tells nobody what %s threw', async ([name, { input }]) => {
    const asked = isVoid(input) ? undefined : samplesOf(z.toJSONSchema(input) as JsonSchema, (object) => object)[0];
    const reply = await dispatch(name, asked, caller);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'unexpected' } });
    expect(JSON.stringify(reply)).not.toContain(canary);
  });

  test.for(named.filter(([, { access }]) => access !== 'anyone'))(
    'lets nobody in to %s who is not signed in',
    async ([name]) => {
      const reply = await dispatch(name, undefined, { client: 'test', account: null });
      expect(reply).toMatchObject({ ok: false, failure: { code: 'request.not-signed-in' } });
    },
  );

  test('asks sign-in of every channel that changes anything', () => {
    expect(named.filter(([, { changes, access }]) => changes && access === 'anyone')).toEqual([]);
  });
});
