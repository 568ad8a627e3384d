import { PACE, type Pace } from '#phases/shared/phase-stage.ts';
import { type Clients, stagesOf } from '#phases/stages.ts';
import type { Observe } from '#stream/metrics.ts';
import type { Running } from '#stream/run-stage.ts';
import type { PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import type { RunScopes } from './run-scopes.ts';
import { startStage } from './stage-worker.ts';
import type { Worker } from './worker.ts';

const paceOf = (config: Config, { runs, withdrawn, tell }: RunScopes): Pace => ({
  runs,
  withdrawn,
  tell,
  batch: { max: PACE.batch.max, lingerMs: config.BATCH_LINGER_MS },
  retry: { attempts: config.RETRY_ATTEMPTS, baseMs: config.RETRY_BASE_MS, maxMs: config.RETRY_MAX_MS },
  patienceMs: config.PATIENCE_MS,
  limits: {
    bypass: { most: config.BYPASS_AFTER, of: config.BYPASS_OF, probeMs: config.BYPASS_PROBE_MS },
    halt: { most: config.HALT_AFTER, of: config.HALT_OF },
  },
  freshness: config.FRESHNESS,
});

/** Starts one phase's stage on this process's connections. */
export async function startPhase(
  phase: PhaseName,
  { clients, scopes }: { readonly clients: Clients; readonly scopes: RunScopes },
  config: Config,
  connections: Connections,
  observe: Observe,
): Promise<Worker> {
  const stages = stagesOf(clients, { pace: paceOf(config, scopes), writers: config.MAX_WRITERS });
  const start: Readonly<Record<PhaseName, () => Promise<Running>>> = {
    spotify: () => startStage(stages.spotify, connections, observe, config),
    credits: () => startStage(stages.credits, connections, observe, config),
    publishing: () => startStage(stages.publishing, connections, observe, config),
    links: () => startStage(stages.links, connections, observe, config),
    analytics: () => startStage(stages.analytics, connections, observe, config),
  };
  const running = await start[phase]();
  return { name: phase, ended: running.ended, drain: running.drain };
}
