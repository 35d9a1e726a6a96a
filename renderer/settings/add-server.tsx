import { useState } from 'react';
import type { Input } from '../../shared/contract.ts';
import { Button } from '../elements/button.tsx';
import { connectServer, addServer, useServers } from './store.ts';

interface Props {
  readonly busy: boolean;
}

type Kind = 'http' | 'stdio';

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** 'Name: value' lines as headers. */
function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).flatMap((line) => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}

/** The form for one more server. */
export function AddServer({ busy }: Props) {
  const [kind, setKind] = useState<Kind>('http');
  const [name, setName] = useState('');
  const [target, setTarget] = useState('');
  const [extra, setExtra] = useState('');
  const isReady = name.trim() !== '' && target.trim() !== '' && !busy;

  const transport = (): Input<'mcp.add'>['transport'] =>
    kind === 'http'
      ? { kind, urls: linesOf(target), headers: headersOf(extra) }
      : { kind, command: target.trim(), arguments: linesOf(extra) };

  const add = async () => {
    const isAdded = await addServer({ name: name.trim(), transport: transport() });
    if (!isAdded) return;
    const added = useServers.getState().servers.data?.value.at(-1);
    setName('');
    setTarget('');
    setExtra('');
    if (added !== undefined) await connectServer(added.id);
  };

  return (
    <form
      className="card form"
      aria-label="Add a server"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) add().catch(() => undefined);
      }}
    >
      <h2>Add a server</h2>
      <div className="segments" role="radiogroup" aria-label="How it is reached">
        {(['http', 'stdio'] as const).map((value) => (
          <button key={value} type="button" role="radio" aria-checked={kind === value} onClick={() => setKind(value)}>
            {value === 'http' ? 'URL' : 'Command'}
          </button>
        ))}
      </div>
      <label>
        <span>Name</span>
        <input className="input" value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        <span>{kind === 'http' ? 'URLs, one a line' : 'Command'}</span>
        <textarea
          className="input mono"
          rows={kind === 'http' ? 2 : 1}
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        />
      </label>
      <label>
        <span>{kind === 'http' ? 'Headers, one a line' : 'Arguments, one a line'}</span>
        <textarea className="input mono" rows={2} value={extra} onChange={(event) => setExtra(event.target.value)} />
      </label>
      <p className="form-foot">
        <span className="meta">
          {kind === 'http'
            ? 'Headers are kept in memory until the app ends.'
            : 'It runs with your rights on this machine.'}
        </span>
        <Button type="submit" disabled={!isReady}>
          Add
        </Button>
      </p>
    </form>
  );
}
