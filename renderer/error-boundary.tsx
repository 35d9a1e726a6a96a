import { Component } from 'react';
import { failureOf } from './api.ts';
import { Button } from './elements/button.tsx';
import { Failure } from './elements/failure.tsx';

interface Props {
  readonly children: React.ReactNode;
}
interface State {
  readonly error: unknown;
}

/** A defect in drawing is shown as a failure, with the way out, instead of an empty page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): React.ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="ended">
        <Failure failure={failureOf(this.state.error)}>
          <Button onClick={() => location.reload()}>Reload</Button>
        </Failure>
      </main>
    );
  }
}
