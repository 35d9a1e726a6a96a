import { ShieldCheck } from 'lucide-react';
import type { Cluster, TrustQuestion } from '../../shared/clusters.ts';
import { Badge } from '../elements/badge.tsx';
import { Button } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { Failure } from '../elements/failure.tsx';
import { Shape } from '../elements/shape.tsx';
import { show } from '../session/store.ts';
import { Square } from './square.tsx';
import { allOf, connectCluster, selectedOf, trustCluster, useClusters } from './store.ts';

/**
 * What a kubeconfig would run, read or weaken, each with its exact values. Nothing of it happens before it is allowed here,
 * and what is allowed is exactly what is shown: another argument or file is another question.
 */
export function TrustView() {
  const cluster = useClusters(selectedOf);
  const waiting = useClusters(allOf).filter((other) => other.state.kind === 'untrusted' && other.id !== cluster?.id);
  const failure = useClusters((state) => state.list.failure);
  return (
    <main className="page">
      <div className="page-column">
        <h1>Trust check</h1>
        {failure !== null && <Failure failure={failure} />}
        {cluster !== null && <Questions cluster={cluster} />}
        {waiting.length > 0 && (
          <p className="meta trust-others">
            {String(waiting.length)} more {waiting.length === 1 ? 'cluster waits' : 'clusters wait'} for consent:{' '}
            {waiting.map((other) => other.name).join(', ')}. Choose one at the top to review it.
          </p>
        )}
      </div>
    </main>
  );
}

function Questions({ cluster }: { cluster: Cluster }) {
  const { state } = cluster;
  if (state.kind !== 'untrusted') {
    return (
      <Empty
        icon={ShieldCheck}
        title={`${cluster.name} asks for nothing`}
        text="Its kubeconfig runs no program, reads no file outside its folder and weakens nothing that you have not allowed."
      >
        <Button
          onClick={() => {
            connectCluster(cluster.id).catch(() => undefined);
            show('chat');
          }}
        >
          Go to the chat
        </Button>
      </Empty>
    );
  }
  const allow = (questions: readonly TrustQuestion[]) => {
    trustCluster(
      cluster.id,
      questions.map((question) => question.id),
    ).catch(() => undefined);
  };
  return (
    <>
      <p className="trust-intro">
        <Square cluster={cluster} size="dot" /> <strong>{cluster.name}</strong> from <code>{cluster.source}</code> asks
        for {String(state.questions.length)} {state.questions.length === 1 ? 'thing' : 'things'}. Nothing was run or
        contacted yet.
      </p>
      {state.questions.map((question) => (
        <Question key={question.id} question={question} onAllow={() => allow([question])} />
      ))}
      {state.questions.length > 1 && (
        <p className="trust-all">
          <Button onClick={() => allow(state.questions)}>Allow all {state.questions.length}</Button>
          <span className="meta">Each exactly as shown; anything else is asked again.</span>
        </p>
      )}
    </>
  );
}

const kinds: Record<TrustQuestion['kind'], string> = {
  'exec-plugin': 'Runs a program',
  'file-outside': 'Reads a file outside its folder',
  'skip-tls-verify': 'TLS not verified',
  'plain-http': 'Not encrypted',
  proxy: 'Goes through a proxy',
  impersonation: 'Acts as someone else',
  'server-name': 'Another server name is verified',
  'auth-provider': 'Signs in with an old method',
};

function Question({ question, onAllow }: { question: TrustQuestion; onAllow: () => void }) {
  return (
    <section className="card trust" aria-label={question.text}>
      <header className="trust-head">
        <Shape name="warning" size={14} />
        <h2>{question.text}</h2>
        <Badge kind="warning">{kinds[question.kind]}</Badge>
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
        <span className="meta">Kept until one of these values changes.</span>
        <Button aria-label={`Allow exactly this: ${question.text}`} onClick={onAllow}>
          Allow exactly this
        </Button>
      </footer>
    </section>
  );
}
