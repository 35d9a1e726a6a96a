import { Button } from '../elements/button.tsx';
import { Shape } from '../elements/shape.tsx';
import { allOf, loadClusters, problemsOf, useClusters } from './store.ts';

/** No kubeconfig brought a cluster: said in every view, because nothing in any of them can work then. */
export function NoCluster() {
  const problems = useClusters(problemsOf);
  const hasClusters = useClusters((state) => allOf(state).length > 0);
  if (hasClusters || problems.length === 0) return null;
  return (
    <div className="lost" role="alert">
      <Shape name="warning" />
      <span className="lost-text">
        {problems.map(({ source, failure }) => (
          <span key={source}>
            <strong>{failure.message}</strong> {failure.remedy}{' '}
          </span>
        ))}
      </span>
      <Button
        size="small"
        onClick={() => {
          loadClusters().catch(() => undefined);
        }}
      >
        Try again
      </Button>
    </div>
  );
}
