import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

// Workers keep the compiled code of all that they load, as `npm start` does.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compiled');

/** kafkajs 2.2 sets timers in the past while it is idle; Node 24 warns of each, and nobody can act on it. */
const QUIET = ['--disable-warning=TimeoutNegativeWarning'];

/** Suites by what they need: `unit` nothing at all, `repository` the files of this checkout, the rest the real services. */
const suite = (name: string, folders: readonly string[], options: object = {}) => ({
  root,
  test: { name, include: folders.map((folder) => `test/${folder}/**/*.test.ts`), execArgv: QUIET, ...options },
});

/** Real services start once for the whole run; files take turns because they share two cores, not because they share data. */
const onServices = {
  globalSetup: ['test/support/services.ts'],
  fileParallelism: false,
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** Files that need the pipeline's own topics, empty: each starts services of its own, and ends them. */
const onOwnServices = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  root,
  test: {
    projects: [
      // Pure code shares nothing that one file could spoil for another: no isolation, one start per worker.
      // One worker a processor: by itself vitest keeps one free, of two as well.
      // Node runs the TypeScript as it is, in tests as in production.
      suite('unit', ['unit'], {
        isolate: false,
        pool: 'threads',
        maxWorkers: '100%',
        experimental: { viteModuleRunner: false },
      }),
      suite('repository', ['repository'], { testTimeout: 60_000 }),
      suite('contract', ['contract'], onServices),
      suite('integration', ['integration'], onServices),
      suite('e2e', ['e2e'], onOwnServices),
      suite('chaos', ['chaos'], { ...onOwnServices, env: { CHAOS_REPETITIONS: '3' } }),
      suite('chaos-kill', ['chaos'], { ...onOwnServices, env: { CHAOS_REPETITIONS: '20' } }),
    ],
  },
});
