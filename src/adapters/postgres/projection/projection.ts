import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { gate } from '#adapters/postgres/gate.ts';
import { markLatest } from '#adapters/postgres/latest/marks.ts';
import { isOfThisLayout, searchPath } from '#adapters/postgres/read-models.ts';
import { inTransaction } from '#adapters/postgres/transaction.ts';
import type { PlaylistState } from '#projector/playlist-row.ts';
import type { Checkpoint, Projection, ProjectionTransaction, TransactionResult } from '#projector/ports.ts';
import { type RunTrackRow, runTrackKey } from '#projector/run-track.ts';
import type { StoredTrack } from '#projector/stored-track.ts';
import type { TopicPartition } from '#stream/record.ts';
import { advance, take, takeLive } from './checkpoints.ts';
import { erase, eraseRows } from './erase.ts';
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

/** How a projection stands to the database: the schema it writes now, and what its transactions can do. */
type Standing = {
  readonly name: () => string;
  readonly take: (client: PoolClient, partition: TopicPartition) => Promise<Checkpoint>;
  readonly on: (client: PoolClient, name: string) => ProjectionTransaction;
};

/**
 * The live read model in Postgres. After a swap every checkpoint is worth nothing, and whoever takes its partition anew goes on with
 * the model that is live then.
 * @param name the schema of the read model, as `prepareDatabase` gives it
 */
export function postgresProjection(pool: Pool, name: string): Projection {
  let live = name;
  return projection(pool, {
    name: () => live,
    take: async (client, partition) => {
      const { projection: current, ...checkpoint } = await takeLive(client, partition);
      if (!isOfThisLayout(current))
        throw new Error(`The read model is ${current} now, in the layout of another release. Start that release.`);
      live = current;
      return checkpoint;
    },
    on: transactionOn,
  });
}

/**
 * A read model that is filled beside the live one: it tells nobody, and what is shared stays as the live projection has it.
 * @param name the schema of the model
 */
export const buildingProjection = (pool: Pool, name: string): Projection =>
  projection(pool, {
    name: () => name,
    take: (client, partition) => take(client, name, partition),
    on: (client) => ({
      ...transactionOn(client, name),
      publish: async () => undefined,
      markLatest: async () => undefined,
      withdraw: async () => undefined,
      erase: (erasures) =>
        eraseRows(
          client,
          erasures.map(({ trackId }) => trackId),
        ),
    }),
  });

function projection(pool: Pool, standing: Standing): Projection {
  const through = gate(WIDTH);
  return {
    take: (partition) => through(() => inTransaction(pool, (client) => standing.take(client, partition))),

    async transaction(work): Promise<TransactionResult> {
      try {
        await through(() => {
          const name = standing.name();
          return inTransaction(pool, (client) => committing(standing.on(client, name), work), searchPath(name));
        });
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
  transaction: ProjectionTransaction,
  work: (transaction: ProjectionTransaction) => Promise<boolean>,
): Promise<void> {
  if (!(await work(transaction))) throw ROLL_BACK;
}

const transactionOn = (client: PoolClient, name: string): ProjectionTransaction => ({
  advance: (checkpoint, next) => advance(client, name, checkpoint, next),
  withdraw: (withdrawals) => withdraw(client, withdrawals),
  withdrawn: (ids) => withdrawnOf(client, ids),
  erase: (erasures) => erase(client, erasures),
  lockTracks: (ids) => lock<StoredTrack>(client, 'tracks', ids),
  saveTracks: async (rows) => void (await save(client, 'tracks', rows)),
  markLatest: (ids) => markLatest(client, ids),
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
