import { DatabaseError, type Pool, type PoolClient } from 'pg';
import {
  alone,
  createReadModel,
  dropReadModel,
  freeName,
  isOfThisLayout,
  showReadModel,
} from '#adapters/postgres/read-models.ts';
import { inTransaction } from '#adapters/postgres/transaction.ts';
import type { Position } from '#stream/record.ts';
import { type Compared, compareModels, markDifferent, wrongRuns } from './compare.ts';

/** The live model and the one that is filled beside it, by the names of their schemas. */
export type Models = { readonly rebuilt: string; readonly live: string };

const POSITIONS = `
  select topic, partition, next_offset as offset from linernotes.checkpoints
  where projection = $1 and next_offset is not null order by topic, partition`;

/** Where a model stands on each partition of which it has applied anything. */
export async function standingAt(client: Pool | PoolClient, model: string): Promise<readonly Position[]> {
  return (await client.query<Position>(POSITIONS, [model])).rows;
}

/**
 * Makes the model to be filled, or finds the one that a rebuild before has begun. Who calls this is the only rebuild.
 * @param goOn with what stands there; else every unfinished model is dropped, and a new one begun
 */
export const beginModel = (pool: Pool, goOn: boolean): Promise<string> =>
  inTransaction(pool, async (client) => {
    await alone(client);
    const { rows } = await client.query<{ name: string }>(
      `select name from linernotes.read_models where state = 'building' order by created_at desc`,
    );
    const [last] = rows;
    if (goOn && last !== undefined && isOfThisLayout(last.name)) return last.name;
    for (const { name } of rows) await dropReadModel(client, name);
    const name = await freeName(client);
    await createReadModel(client, name, 'building');
    return name;
  });

/** Drops a model that is not live. */
export const dropModel = (pool: Pool, name: string): Promise<void> =>
  inTransaction(pool, async (client) => {
    await alone(client);
    await dropReadModel(client, name);
  });

/** Stops the live projector between two batches until the transaction ends, and says where it stands. */
async function standStill(client: PoolClient, live: string): Promise<readonly Position[]> {
  await alone(client);
  const { rowCount } = await client.query(
    `select from linernotes.read_models where name = $1 and state = 'live' for update`,
    [live],
  );
  if (rowCount !== 1) throw new Error(`${live} is not the live read model any more.`);
  await client.query('select from linernotes.checkpoints where projection = $1 order by topic, partition for update', [
    live,
  ]);
  return standingAt(client, live);
}

/** Fills the model up to where the live one stands. */
export type Fill = (ends: readonly Position[]) => Promise<void>;

/** What comparing found. */
export type Verified = { readonly tables: readonly Compared[]; readonly wrongRuns: readonly string[] };

/**
 * Compares the two models as they are at the same offsets. The live projector stands still only while the rest is filled; then both are
 * read in a snapshot, however long that takes.
 */
export async function verifyModels(pool: Pool, models: Models, fill: Fill): Promise<Verified> {
  const reading = await pool.connect();
  try {
    await inTransaction(pool, async (client) => {
      await fill(await standStill(client, models.live));
      // A transaction that is tried anew wants a new snapshot.
      await reading.query('rollback; begin isolation level repeatable read read only; select 1');
    });
    const tables = await compareModels(reading, models);
    const verified = { tables, wrongRuns: await wrongRuns(reading, models.rebuilt) };
    await reading.query('commit');
    return verified;
  } finally {
    // Whatever went wrong: a new connection is cheaper than one in an unknown state.
    reading.release(true);
  }
}

const TAKE_OVER = `
  insert into linernotes.checkpoints as c (projection, topic, partition, epoch, next_offset)
  select $2, topic, partition, epoch + 1, next_offset from linernotes.checkpoints where projection = $1
  on conflict (projection, topic, partition)
  do update set epoch = greatest(c.epoch, excluded.epoch) + 1, next_offset = excluded.next_offset`;

const LOCK_NOT_AVAILABLE = '55P03';
const SWAPS = 20;

type SwapOptions = {
  /** Keep the model that was live until the next rebuild. */
  readonly keepOld: boolean;
  /** Whether `tracks.latest` has to be told of rows that are otherwise now. */
  readonly differs: boolean;
  /** Told each time that somebody's long query on a view has to be waited for. */
  readonly busy: () => void;
};

/**
 * Makes the rebuilt model the live one, in one transaction: the rest is filled while the live projector stands still, every checkpoint
 * of it becomes worth nothing, and the views change. A crash at any moment leaves the live model as it was.
 */
export async function swapModels(pool: Pool, models: Models, fill: Fill, options: SwapOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(pool, (client) => swap(client, models, fill, options));
    } catch (error) {
      const isBusy = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!isBusy || attempt === SWAPS) throw error;
      options.busy();
    }
  }
}

async function swap(
  client: PoolClient,
  { rebuilt, live }: Models,
  fill: Fill,
  { keepOld, differs }: SwapOptions,
): Promise<void> {
  await fill(await standStill(client, live));
  // Queries that come after this one wait behind it for the views: better to give way for a while than to hold them up.
  await client.query(`set local lock_timeout = '2s'`);
  await client.query(TAKE_OVER, [live, rebuilt]);
  if (differs) await markDifferent(client, { rebuilt, live });
  await client.query(`update linernotes.read_models set state = 'retired', kept = $2 where name = $1`, [live, keepOld]);
  await client.query(`update linernotes.read_models set state = 'live' where name = $1`, [rebuilt]);
  // Kept or not, nobody writes the old model any more.
  await client.query('update linernotes.checkpoints set epoch = epoch + 1 where projection = $1', [live]);
  await showReadModel(client, rebuilt);
}

/** Models that an operator had kept before are not kept any longer. */
export const keepNoLonger = (pool: Pool): Promise<unknown> =>
  pool.query(`update linernotes.read_models set kept = false where kept`);
