import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { gate } from '#adapters/postgres/gate.ts';
import { searchPath } from '#adapters/postgres/prepare.ts';
import { inTransaction } from '#adapters/postgres/transaction.ts';
import type { PlaylistState } from '#projector/playlist-row.ts';
import type { Projection, ProjectionTransaction, TransactionResult } from '#projector/ports.ts';
import { type RunTrackRow, runTrackKey } from '#projector/run-track.ts';
import type { StoredTrack } from '#projector/stored-track.ts';
import { advance, take } from './checkpoints.ts';
import { erase } from './erase.ts';
import { publish } from './publish.ts';
import { lock, lockPairs, save } from './rows.ts';
import { addToRuns } from './run-rows.ts';
import { withdraw, withdrawnOf } from './withdrawals.ts';

/** Thrown through the transaction to roll it back; never leaves this file. */
const ROLL_BACK = Symbol('roll back');

/** SQLSTATE classes that say something about the data: bad values, broken constraints, limits of rows and indexes. */
const OF_THE_DATA = ['22', '23', '54'];

const refusal = (error: unknown): string | null =>
  error instanceof DatabaseError && OF_THE_DATA.includes(error.code?.slice(0, 2) ?? '')
    ? `${error.code}: ${error.message}`
    : null;

/**
 * Transactions at a time. The projector has some hundred partitions and they wait for each other at the runs and the feed anyway;
 * more would only take connections from others of the process.
 */
const WIDTH = 3;

/**
 * The read model in Postgres.
 * @param name the schema of the read model, as `prepareDatabase` gives it
 */
export function postgresProjection(pool: Pool, name: string): Projection {
  const through = gate(WIDTH);
  return {
    take: (partition) => through(() => inTransaction(pool, (client) => take(client, name, partition))),

    async transaction(work): Promise<TransactionResult> {
      try {
        await through(() => inTransaction(pool, (client) => committing(client, name, work), searchPath(name)));
        return { kind: 'committed' };
      } catch (error) {
        if (error === ROLL_BACK) return { kind: 'rolled back' };
        const message = refusal(error);
        if (message === null) throw error;
        return { kind: 'unstorable', message };
      }
    },
  };
}

async function committing(
  client: PoolClient,
  name: string,
  work: (transaction: ProjectionTransaction) => Promise<boolean>,
): Promise<void> {
  if (!(await work(transactionOn(client, name)))) throw ROLL_BACK;
}

const transactionOn = (client: PoolClient, name: string): ProjectionTransaction => ({
  advance: (checkpoint, next) => advance(client, name, checkpoint, next),
  withdraw: (withdrawals) => withdraw(client, withdrawals),
  withdrawn: (ids) => withdrawnOf(client, ids),
  erase: (erasures) => erase(client, erasures),
  lockTracks: (ids) => lock<StoredTrack>(client, 'tracks', ids),
  saveTracks: async (rows) => void (await save(client, 'tracks', rows)),
  lockPlaylists: (ids) => lock<PlaylistState>(client, 'playlists', ids),
  savePlaylists: async (rows) => void (await save(client, 'playlists', rows)),
  addPlaylistTracks: async (rows) => void (await save(client, 'playlistTracks', rows)),
  async lockRunTracks(keys) {
    const rows = await lockPairs<RunTrackRow['state']>(client, keys);
    return new Map(rows.map(({ state, ...key }) => [runTrackKey(key), { ...key, ...state }]));
  },
  saveRunTracks: async (rows) => void (await save(client, 'runTracks', rows)),
  async addLetters(letters) {
    const rows = (await save(client, 'letters', letters)) as { letterId: string; made: boolean }[];
    return new Map(rows.map(({ letterId, made }) => [letterId, made ? 'new' : 'newer']));
  },
  addOperations: async (operations) => void (await save(client, 'operations', operations)),
  addToRuns: (steps) => addToRuns(client, steps),
  publish: (entries) => publish(client, entries),
});
