import { Shape } from '../elements/shape.tsx';

/** The way to the application is gone; what is shown stays, and it says so. */
export function Lost() {
  return (
    <div className="lost" role="alert">
      <Shape name="unreachable" />
      <span>
        <strong>AI4K8s does not answer.</strong> What is shown may be old. The window tries again by itself; see whether
        AI4K8s still runs in its terminal.
      </span>
    </div>
  );
}
