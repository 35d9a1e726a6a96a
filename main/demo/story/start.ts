import { startDemoCluster } from '../cluster.ts';
import type { DemoCluster } from '../cluster.ts';
import { StoryClock } from '../story-clock.ts';
import { addCrowd } from './crowd.ts';
import type { Crowd } from './crowd.ts';
import { storyLengthMs, tellStory } from './story.ts';

/** Starts the demo cluster with its story, ready to be looked at. `port` 0 takes a free one. */
export function startStory(port: number, crowd: Crowd = { pods: 0, nodes: 0 }): Promise<DemoCluster> {
  const clock = new StoryClock(Date.now() - storyLengthMs);
  return startDemoCluster({
    port,
    clock,
    seed: (cluster) => {
      addCrowd(cluster, crowd);
      tellStory(cluster, clock);
    },
  });
}
