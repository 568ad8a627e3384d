import type { WantedTopic } from '#app/topics/manifest.ts';
import type { LiveTopic } from '#app/topics/plan.ts';

const CONFIG = { 'cleanup.policy': 'delete', 'retention.ms': '-1' };

/** A topic as a file wants it. */
export const wantedTopic = (name: string, over: Partial<WantedTopic> = {}): WantedTopic => ({
  name,
  description: 'A topic.',
  retention: 'For ever.',
  partitions: 6,
  replication: 1,
  config: CONFIG,
  ...over,
});

/** A topic as the cluster has it: by default exactly what `wantedTopic` wants. */
export const liveTopic = (name: string, over: Partial<LiveTopic> = {}): LiveTopic => ({
  name,
  partitions: 6,
  replication: 1,
  config: CONFIG,
  ...over,
});
