import type { Pool } from 'pg';
import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import { offsetRangesOf } from '#replay/offsets.ts';
import type { ReplayOrder } from '#replay/order.ts';
import { faultOf, laneOf, type ReplayRequest } from '#replay/request.ts';
import type { Selection } from '#replay/selection.ts';
import { ageMs } from '#replay/values.ts';
import { compileWhere } from '#replay/where.ts';
import type { Position } from '#stream/record.ts';
import { trackIdOf } from '#track/identity.ts';

export type Wrong = { readonly wrong: string };

/** What a request is resolved against. `now` in milliseconds since the epoch. */
export type Surroundings = {
  readonly pool: Pool;
  readonly admin: Pick<KafkaAdmin, 'starts' | 'ends' | 'since'>;
  readonly now: number;
};

/**
 * Turns a request into an order: what it names is looked up, ranges and snapshots are closed as they are now.
 * @returns the order, or what is wrong with the request and how to mend it
 */
export async function orderOf(request: ReplayRequest, around: Surroundings): Promise<ReplayOrder | Wrong> {
  const fault = faultOf(request);
  if (fault !== null) return { wrong: fault };
  const selection = await selectionOf(request, around);
  return 'wrong' in selection ? selection : { selection, ...laneOf(request), rate: request.rate ?? null };
}

async function selectionOf(request: ReplayRequest, around: Surroundings): Promise<Selection | Wrong> {
  const { tracks, playlist, run, where, topic } = request;
  if (tracks !== undefined) return tracksOf(tracks);
  if (playlist !== undefined) return playlistOf(playlist, around.pool);
  if (run !== undefined) return runOf(run, around.pool);
  if (where !== undefined) return whereOf(where, around.now);
  return rangeOf(topic ?? '', request, around);
}

function tracksOf(given: readonly string[]): Selection | Wrong {
  const bad = given.find((one) => trackIdOf(one) === null);
  if (bad !== undefined) return { wrong: `"${bad.slice(0, 100)}" names no Spotify track.` };
  return { kind: 'tracks', ids: [...new Set(given.flatMap((one) => trackIdOf(one) ?? []))] };
}

const SNAPSHOT = 'select snapshot_id as "snapshotId" from playlists where playlist_id = $1';

async function playlistOf(playlistId: string, pool: Pool): Promise<Selection | Wrong> {
  const { rows } = await pool.query<{ snapshotId: string }>(SNAPSHOT, [playlistId]);
  const [found] = rows;
  if (found === undefined) return { wrong: `There is no playlist "${playlistId}"; GET /v1/playlists lists all.` };
  return { kind: 'playlist', playlistId, snapshotId: found.snapshotId };
}

async function runOf(runId: string, pool: Pool): Promise<Selection | Wrong> {
  const { rowCount } = await pool.query('select 1 from runs where run_id = $1', [runId]);
  return rowCount === 0 ? { wrong: `No event of run "${runId}" was seen.` } : { kind: 'run', runId };
}

function whereOf(where: string, now: number): Selection | Wrong {
  const compiled = compileWhere(where, now);
  return 'wrong' in compiled ? { wrong: `where: ${compiled.wrong}` } : { kind: 'where', where };
}

async function rangeOf(topic: string, request: ReplayRequest, around: Surroundings): Promise<Selection | Wrong> {
  const [starts, ends] = await Promise.all([around.admin.starts(topic), around.admin.ends(topic)]);
  const bounds = await boundsOf(topic, request, around);
  if ('wrong' in bounds) return bounds;
  const stray = bounds.named?.find((named) => !ends.some(({ partition }) => partition === named));
  if (stray !== undefined) return { wrong: `${topic} has no partition ${stray}.` };
  const partitions = ends
    .filter(({ partition }) => bounds.named?.includes(partition) ?? true)
    .map(({ partition, offset: end }) => ({
      partition,
      from: Math.max(bounds.from(partition) ?? 0, offsetIn(starts, partition) ?? 0),
      to: Math.min(bounds.to(partition) ?? end, end),
    }))
    .filter(({ from, to }) => from < to);
  return partitions.length > 0
    ? { kind: 'range', topic, partitions }
    : { wrong: `Nothing stands in that part of ${topic}.` };
}

const offsetIn = (positions: readonly Position[], partition: number): number | undefined =>
  positions.find((position) => position.partition === partition)?.offset;

type Bounds = {
  /** The partitions meant; `null`: all. */
  readonly named: readonly number[] | null;
  readonly from: (partition: number) => number | undefined;
  readonly to: (partition: number) => number | undefined;
};

async function boundsOf(
  topic: string,
  { offsets, since, until }: ReplayRequest,
  { admin, now }: Surroundings,
): Promise<Bounds | Wrong> {
  if (offsets !== undefined) return boundsByOffsets(offsets);
  const [from, to] = [momentOf('since', since, now), momentOf('until', until, now)];
  if (typeof from === 'object') return from;
  if (typeof to === 'object') return to;
  const [begins, stops] = await Promise.all([
    from === undefined ? [] : admin.since(topic, from),
    to === undefined ? [] : admin.since(topic, to),
  ]);
  return {
    named: null,
    from: (partition) => offsetIn(begins, partition),
    to: (partition) => offsetIn(stops, partition),
  };
}

function boundsByOffsets(offsets: string): Bounds | Wrong {
  const ranges = offsetRangesOf(offsets);
  if ('wrong' in ranges) return ranges;
  const of = (partition: number) => ranges.find((range) => range.partition === partition);
  return {
    named: ranges.map(({ partition }) => partition),
    from: (partition) => of(partition)?.from,
    to: (partition) => of(partition)?.to ?? undefined,
  };
}

function momentOf(name: string, text: string | undefined, now: number): number | undefined | Wrong {
  if (text === undefined) return undefined;
  const age = ageMs(text);
  const moment = age === null ? Date.parse(text) : now - age;
  return Number.isNaN(moment)
    ? { wrong: `${name} is "${text}": a moment such as 2026-01-31T00:00Z or an age such as 24h was expected.` }
    : moment;
}
