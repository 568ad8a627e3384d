import type { BulkStore } from '#providers/mlc/bulk/store.ts';
import type { Observe } from '#stream/metrics.ts';
import type { PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { contractWatch } from './contract.ts';
import { evidenceIn } from './credits/evidence.ts';
import { standingStill } from './halted.ts';
import { startLedgerUpkeep } from './ledger.ts';
import { startProviderBack } from './letters/provider-back.ts';
import { bulkStoreOf, startBulkUpkeep } from './mlc-bulk.ts';
import { type Pages, pagesOf } from './pages.ts';
import { startPhase } from './phase-worker.ts';
import { providersOf, sharedPorts } from './providers.ts';
import { startRunScopes } from './run-scopes.ts';
import type { Worker } from './worker.ts';

/**
 * Starts phases, and what looks after what they share: the ledger, the providers' shapes, the feed of The MLC, the scopes of runs.
 * @param haltEnds whether a stage that halts ends its worker; else it stands still and the others go on
 * @param workers gets each as soon as it runs, so that those can be drained when another does not start
 */
export async function startPhases(
  phases: readonly PhaseName[],
  config: Config,
  connections: Connections,
  { observe, haltEnds }: { readonly observe: Observe; readonly haltEnds: boolean },
  workers: Worker[],
): Promise<void> {
  if (phases.length === 0) return;
  const pages = phases.includes('credits') ? await pagesOf(config, connections) : null;
  const bulk = bulkStoreOf(config, connections);
  const watch = contractWatch(connections, observe);
  const scopes = await startRunScopes(connections);
  const ports = {
    ...sharedPorts(config, connections),
    contract: watch.contract,
    called: scopes.called,
    ...(config.CREDITS_EVIDENCE_DIR === undefined
      ? {}
      : { unread: evidenceIn(config.CREDITS_EVIDENCE_DIR, connections.log) }),
  };
  const clients = providersOf(config, ports, pages?.read ?? null, bulk);
  workers.push(watch.worker, startLedgerUpkeep(config, connections));
  if (phases.includes('publishing')) workers.push(...bulkUpkeep(config, bulk, connections));
  const running: Worker[] = [];
  workers.push(afterThem(scopes.worker, running));
  for (const phase of phases) {
    const start = async () =>
      closing(await startPhase(phase, { clients, scopes }, config, connections, observe), pages);
    const worker = haltEnds ? await start() : await standingStill(phase, start, connections.log);
    running.push(worker);
    workers.push(worker);
    if (config.PROVIDER_BACK_PER_SECOND > 0) workers.push(startProviderBack(phase, config, connections));
  }
}

/** What the phases still do when they drain is counted too. */
const afterThem = (last: Worker, others: readonly Worker[]): Worker => ({
  ...last,
  drain: async (deadlineMs) => {
    await Promise.allSettled(others.map(({ ended }) => ended));
    await last.drain(deadlineMs);
  },
});

/** The feed is brought in where it is read. */
const bulkUpkeep = (
  { MLC_BULK_DIR: folder }: Config,
  bulk: BulkStore | null,
  connections: Connections,
): readonly Worker[] => (folder === undefined || bulk === null ? [] : [startBulkUpkeep(folder, bulk, connections)]);

/** The credits worker takes its browser with it when it ends. */
const closing = (worker: Worker, pages: Pages | null): Worker =>
  worker.name !== 'credits' || pages === null
    ? worker
    : { ...worker, drain: (deadlineMs) => worker.drain(deadlineMs).finally(pages.close) };
