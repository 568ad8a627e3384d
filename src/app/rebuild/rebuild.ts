import type { Pool } from 'pg';
import { leader } from '#adapters/postgres/leader.ts';
import { buildingProjection } from '#adapters/postgres/projection/projection.ts';
import { dropRetired, liveModel } from '#adapters/postgres/read-models.ts';
import {
  beginModel,
  dropModel,
  type Fill,
  keepNoLonger,
  type Models,
  standingAt,
  swapModels,
  verifyModels,
} from '#adapters/postgres/rebuild/swap.ts';
import { type Forgotten, forgottenLines } from '#app/topics/forgotten.ts';
import { fillTo } from '#projector/rebuild.ts';
import type { Decode, LogReader } from '#stream/ports.ts';
import { isRight, type Rebuilt, type Refused } from './verdict.ts';

/** One rebuild at a time. Any number that nobody else locks. */
const REBUILD_LOCK = 7_305_031;

/** With so few records left the live projector may stand still until they are applied. */
const NEAR = 2_000;

export type RebuildOrder = {
  /** Compare and drop: the live model stays. */
  readonly verifyOnly: boolean;
  /** The model that was live stays beside until the next rebuild. */
  readonly keepOld: boolean;
  /** Fill on what an earlier rebuild has begun. */
  readonly goOn: boolean;
  /** Although the log has forgotten its beginning. */
  readonly allowLostHistory: boolean;
  /** Although the rebuilt model is not what the live one is. */
  readonly allowDifferences: boolean;
};

export type RebuildNeeds = {
  readonly pool: Pool;
  readonly reader: LogReader;
  readonly decode: Decode;
  /** What the log has forgotten. */
  readonly forgotten: () => Promise<readonly Forgotten[]>;
  /** One line about how far it is. */
  readonly say: (line: string) => void;
  /** `applied` of `all` records are in. */
  readonly progress: (applied: number, all: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Fills a read model beside the live one from the beginning of the log, compares the two at the same offsets, and makes the new one live
 * in one transaction. The projector goes on all the while, and after the swap with the new model. Killed at any moment it leaves the
 * live model as it was; another rebuild begins anew, or goes on.
 * @throws when broker, registry or database are lost, or the signal aborts; the live model is as it was
 */
export async function rebuild(order: RebuildOrder, needs: RebuildNeeds): Promise<Rebuilt | Refused> {
  const lead = leader(needs.pool, REBUILD_LOCK);
  try {
    if (!(await lead.mine())) return { refused: ['Another rebuild is under way.'] };
    const forgotten = await needs.forgotten();
    if (forgotten.length > 0 && !order.allowLostHistory)
      return { refused: [...forgottenLines(forgotten), 'To rebuild from what is left: --allow-lost-history'] };
    return await rebuildAlone(order, needs);
  } finally {
    await lead.close();
  }
}

async function rebuildAlone(order: RebuildOrder, needs: RebuildNeeds): Promise<Rebuilt | Refused> {
  const { pool, say } = needs;
  const live = await liveModel(pool);
  if (live === null) return { refused: ['There is no read model yet: the projector makes it.'] };
  await keepNoLonger(pool);
  const rebuilt = await beginModel(pool, order.goOn);
  const models: Models = { rebuilt, live };
  const fill = fillOf(models, needs);
  say(`${rebuilt} is filled beside ${live}`);
  await fillNear(models, fill, pool);
  say('comparing both at the same offsets');
  const verified = await verifyModels(pool, models, fill);
  const right = isRight(verified);
  if (order.verifyOnly) {
    await dropModel(pool, rebuilt);
    return { ...models, ...verified, right, swapped: false };
  }
  if (!right && !order.allowDifferences) return { ...models, ...verified, right, swapped: false };
  await fillNear(models, fill, pool);
  const differs = !right || verified.tables.some(({ different }) => different === null);
  const busy = () => say('somebody reads the views for long: waiting for a better moment');
  await swapModels(pool, models, fill, { keepOld: order.keepOld, differs, busy });
  await dropRetired(pool).catch((error: unknown) => say(`${live} is dropped later: ${String(error)}`));
  return { ...models, ...verified, right, swapped: true };
}

/** Fills up to given ends, and tells how far it is. */
function fillOf({ rebuilt }: Models, { pool, reader, decode, progress, signal }: RebuildNeeds): Fill {
  const projection = buildingProjection(pool, rebuilt);
  return async (ends) => {
    const sum = (positions: readonly { readonly offset: number }[]): number =>
      positions.reduce((all, { offset }) => all + offset, 0);
    const all = sum(ends);
    let done = sum(await standingAt(pool, rebuilt));
    const applied = (records: number): void => {
      done += records;
      progress(Math.min(done, all), all);
    };
    await fillTo(ends, { reader, decode, projection, applied, signal });
  };
}

/** Fills until the live model is hardly further; it may move on all the while. */
async function fillNear({ rebuilt, live }: Models, fill: Fill, pool: Pool): Promise<void> {
  for (;;) {
    const ends = await standingAt(pool, live);
    await fill(ends);
    const at = new Map((await standingAt(pool, rebuilt)).map((at) => [`${at.topic}/${at.partition}`, at.offset]));
    const left = (await standingAt(pool, live)).reduce(
      (sum, { topic, partition, offset }) => sum + offset - (at.get(`${topic}/${partition}`) ?? offset),
      0,
    );
    if (left <= NEAR) return;
  }
}
