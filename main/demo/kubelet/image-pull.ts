import type { Container } from '../kinds.ts';
import { pullFailure } from '../programs/launch.ts';
import { longestBackOffMs } from './back-off.ts';

/** What pulling needs of the pod's worker. */
export interface PullSide {
  say: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  after: (ms: number, action: () => void) => void;
  /** Shows why the container waits. */
  wait: (waiting: { reason: string; message: string }) => void;
  done: () => void;
}

/** Brings an image to the node, or tries again and again, ever more rarely. */
export function pullImage(container: Container, present: Set<string>, backOffMs: number, side: PullSide): void {
  const image = container.image ?? '';
  if (present.has(image) && container.imagePullPolicy !== 'Always') {
    side.say(
      'Normal',
      'Pulled',
      `Container image "${image}" already present on machine and can be accessed by the pod`,
    );
    side.done();
    return;
  }
  side.say('Normal', 'Pulling', `Pulling image "${image}"`);
  const failure = pullFailure(image);
  side.after(failure ? 900 : 1400, () => {
    if (!failure) {
      present.add(image);
      const took = '1.4s (1.4s including waiting). Image size: 24117248 bytes.';
      side.say('Normal', 'Pulled', `Successfully pulled image "${image}" in ${took}`);
      side.done();
      return;
    }
    side.say('Warning', 'Failed', `Failed to pull image "${image}": ${failure}`);
    side.say('Warning', 'Failed', 'Error: ErrImagePull');
    side.wait({ reason: 'ErrImagePull', message: failure });
    side.after(1500, () => {
      side.say('Normal', 'BackOff', `Back-off pulling image "${image}"`);
      side.say('Warning', 'Failed', 'Error: ImagePullBackOff');
      side.wait({ reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${failure}` });
    });
    side.after(backOffMs, () => {
      pullImage(container, present, Math.min(backOffMs * 2, longestBackOffMs), side);
    });
  });
}
