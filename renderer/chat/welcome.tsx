import { selectedOf, useClusters } from '../clusters/store.ts';
import { Failure } from '../elements/failure.tsx';
import { Keys } from '../elements/keys.tsx';
import { Tag } from '../elements/tag.tsx';
import { show, copyText } from '../session/store.ts';
import { Button } from '../elements/button.tsx';
import { Shape } from '../elements/shape.tsx';
import { loadClusters } from '../clusters/store.ts';
import { send } from './store.ts';

const commands = ['kubectl get pods -A', 'kubectl top nodes', 'kubectl get events -A', 'kubectl get deployments -A'];

/** An empty conversation: where one is, and something to begin with. */
export function Welcome() {
  const cluster = useClusters(selectedOf);
  const list = useClusters((state) => state.list);
  // Without any cluster the window itself says so.
  const problems = cluster === null ? [] : (list.data?.value.problems ?? []);
  return (
    <div className="welcome">
      {list.failure !== null && list.data === null && <Failure failure={list.failure} onRetry={reload} onCopy={copy} />}
      {problems.map((problem) => (
        <Failure key={problem.source} failure={problem.failure} onRetry={reload} onCopy={copy} />
      ))}
      {cluster === null && list.data !== null && (
        <>
          <h1>No cluster yet</h1>
          <p className="welcome-text">
            AI4K8s uses your kubeconfig. To look around without one, start it with <code>npm start -- --demo</code>.
          </p>
        </>
      )}
      {cluster !== null && (
        <>
          <h1>{cluster.demo ? 'This is a demo cluster.' : `${cluster.name}, ${cluster.namespace}`}</h1>
          <p className="welcome-text">
            Use kubectl’s own words. Reads run at once; a change is shown first and runs only after you approve it.
          </p>
          {cluster.state.kind === 'untrusted' && (
            <div className="welcome-consent">
              <Shape name="warning" size={14} />
              <p>
                <strong>{cluster.name} needs your consent first.</strong> Its kubeconfig asks for{' '}
                {String(cluster.state.questions.length)} {cluster.state.questions.length === 1 ? 'thing' : 'things'} you
                have not seen. Nothing was run or contacted yet.
              </p>
              <Button onClick={() => show('trust')}>Review</Button>
            </div>
          )}
          {cluster.state.kind === 'unreachable' && (
            <Failure failure={cluster.state.failure} onCopy={copy}>
              <Button look="quiet" onClick={() => show('self-check')}>
                Self-check
              </Button>
            </Failure>
          )}
          <h2>Type a command</h2>
          <ul className="welcome-commands">
            {commands.map((line) => (
              <li key={line}>
                <button
                  type="button"
                  className="welcome-command mono"
                  onClick={() => {
                    send(line).catch(() => undefined);
                  }}
                >
                  {line}
                </button>
              </li>
            ))}
          </ul>
          {cluster.demo && (
            <div className="welcome-demo">
              <p>
                <Tag kind="demo" /> <strong>Everything here is made up</strong>
              </p>
              <p className="welcome-text">
                This cluster runs on this machine. Changes are previewed, approved and journaled as on a real one, and
                touch nothing outside.
              </p>
            </div>
          )}
          <p className="welcome-keys meta">
            <Keys keys="?" /> all keys <Keys keys="Ctrl K" /> any action
          </p>
        </>
      )}
    </div>
  );
}

function reload(): void {
  loadClusters().catch(() => undefined);
}
function copy(text: string): void {
  copyText(text).catch(() => undefined);
}
