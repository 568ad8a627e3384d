import type { IngestState, IngestStore } from '#ingest/ports.ts';

/** The `ingests` table in memory. */
export const memoryIngests = (): IngestStore => {
  const rows = new Map<string, IngestState>();
  return {
    find: async (runId) => rows.get(runId) ?? null,
    begin: async (runId, from) => void rows.set(runId, { state: 'publishing', from }),
    finish: async (runId) => void rows.set(runId, { state: 'published' }),
  };
};
