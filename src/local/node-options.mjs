// How Node is run for linernotes: by the bootstrap, and by benchmarks that measure what it starts. Built-ins of Node 18 only.
import { join } from 'node:path';

export const NODE_FLAGS = [
  // kafkajs 2.2 sets timers in the past while it is idle; Node 24 warns of that once a process, and nobody can act on it.
  '--disable-warning=TimeoutNegativeWarning',
  // On a machine with much memory V8 takes three times 32 MB for young objects and a thread a core: at no gain in speed here.
  '--max-semi-space-size=8',
  '--v8-pool-size=2',
];

/** The environment in which Node keeps what it compiled for the next start, and glibc returns memory that threads have freed. */
export const nodeEnvironment = (root, env) => ({
  MALLOC_ARENA_MAX: '2',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  ...env,
});
