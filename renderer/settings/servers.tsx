import { Plug } from 'lucide-react';
import { useEffect } from 'react';
import type { ExternalServer, ProgramQuestion } from '../../shared/mcp.ts';
import { Badge } from '../elements/badge.tsx';
import { Button } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { Failure } from '../elements/failure.tsx';
import { Shape } from '../elements/shape.tsx';
import { clockSeconds } from '../elements/time.ts';
import { AddServer } from './add-server.tsx';
import { connectServer, loadServers, removeServer, useServers } from './store.ts';

const none: readonly ExternalServer[] = [];

/** MCP servers of the person's own. No gate stands in front of them, and each says so. */
export function Servers() {
  const remote = useServers((state) => state.servers);
  const servers = remote.data?.value ?? none;
  useEffect(() => {
    loadServers().catch(() => undefined);
  }, []);
  return (
    <div className="page-column">
      <h1>MCP servers</h1>
      <p className="page-text">
        kubernetes-mcp-server runs inside, behind the gate. A server of your own has no gate in front: what it does is
        not previewed, not approved and not in the journal.
      </p>
      {remote.failure !== null && <Failure failure={remote.failure} />}
      <div className="card">
        {servers.length === 0 && (
          <Empty
            icon={Plug}
            title="No server of your own"
            text="Add one by its URL, or by a command that speaks MCP over stdio."
          />
        )}
        {servers.map((server) => (
          <One key={server.id} server={server} />
        ))}
      </div>
      <AddServer busy={remote.busy} />
    </div>
  );
}

function One({ server }: { server: ExternalServer }) {
  const { transport, state } = server;
  const way =
    transport.kind === 'http' ? transport.urls.join(', ') : [transport.command, ...transport.arguments].join(' ');
  return (
    <section className="server" aria-label={server.name}>
      <div className="server-line">
        <strong>{server.name}</strong>
        <Badge kind="unguarded">unguarded</Badge>
        <span className="meta mono cut" title={way}>
          {way}
        </span>
        <span className="server-buttons">
          <Button
            size="small"
            onClick={() => {
              connectServer(server.id).catch(() => undefined);
            }}
          >
            Connect
          </Button>
          <Button
            size="small"
            look="quiet"
            aria-label={`Remove ${server.name}`}
            onClick={() => {
              removeServer(server.id).catch(() => undefined);
            }}
          >
            Remove
          </Button>
        </span>
      </div>
      {state.kind === 'untried' && (
        <p className="cluster-row-state">
          <Shape name="unknown" /> Not tried yet
        </p>
      )}
      {state.kind === 'untrusted' && (
        <ProgramCheck
          question={state.question}
          onAllow={() => {
            connectServer(server.id, state.question.id).catch(() => undefined);
          }}
        />
      )}
      {state.kind === 'connected' && (
        <p className="cluster-row-state">
          <Shape name="healthy" /> Connected
          <span className="meta">
            {state.name} {state.version}, {state.tools} tools, seen {clockSeconds(state.at)}
          </span>
        </p>
      )}
      {state.kind === 'failed' && <Failure failure={state.failure} />}
    </section>
  );
}

/** What would run, with its exact values. Nothing of it runs before it is allowed here; another file is another question. */
function ProgramCheck({ question, onAllow }: { question: ProgramQuestion; onAllow: () => void }) {
  return (
    <section className="card trust" aria-label={question.text}>
      <header className="trust-head">
        <Shape name="warning" size={14} />
        <h2>{question.text}</h2>
        <Badge kind="warning">Runs a program</Badge>
      </header>
      <dl className="facts trust-facts">
        {question.details.map((detail, index) => (
          <div key={index} className="fact">
            <dt>{detail.label}</dt>
            <dd className="mono">{detail.value}</dd>
          </div>
        ))}
      </dl>
      <footer className="trust-foot">
        <span className="meta">Not run yet. Kept until one of these values changes.</span>
        <Button aria-label={`Allow exactly this: ${question.text}`} onClick={onAllow}>
          Allow exactly this
        </Button>
      </footer>
    </section>
  );
}
