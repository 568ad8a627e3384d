import { cloudEventHeaders, forceHeader } from '#stream/envelope.ts';
import type { CommitResult, Encode, Place, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { asRawTrack } from './event.ts';
import type { ReplayOrder } from './order.ts';
import type { Chosen, ReplaySource } from './ports.ts';

/** A replay that is to be fed. `startedAt` in milliseconds since the epoch. */
export type Feedable = { readonly id: string; readonly startedAt: number; readonly order: ReplayOrder };

/** The group under which a replay's place is kept, and the id of its transactions: opening the writer fences every other feeder. */
export const groupOf = (replayId: string): string => `replay.${replayId}`;

export type FeedPorts = {
  readonly writer: TransactionalWriter;
  readonly source: ReplaySource;
  readonly encode: Encode;
};

/** How a step ended. `left`: whether the source may have more. */
export type Step =
  | { readonly kind: 'fed'; readonly tracks: number; readonly next: Place }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'lost' };

/**
 * Sends a replay's next tracks into its lane. Tracks and place are one transaction, so a kill at any moment sends none twice and
 * leaves none out.
 * @param places what is committed; must have been read after the writer was opened
 * @returns `lost` when the writer is spent: open a new one, read the places again, and go on
 * @throws when registry, broker or database is lost
 */
export async function feedStep(
  replay: Feedable,
  places: readonly Place[],
  most: number,
  { writer, source, encode }: FeedPorts,
): Promise<Step> {
  const portion = await source.next(places, most);
  if (portion === null) return { kind: 'exhausted' };
  const { chosen, next } = portion;
  const records = await Promise.all(chosen.map((one) => recordOf(replay, one, encode)));
  const { note, ...position } = next;
  const progress = { group: groupOf(replay.id), next: position, ...(note === null ? {} : { note }) };
  const result: CommitResult = await writer.commit(records, progress);
  return result === 'lost' ? { kind: 'lost' } : { kind: 'fed', tracks: chosen.length, next };
}

async function recordOf(
  { id, startedAt, order }: Feedable,
  { origin, event }: Chosen,
  encode: Encode,
): Promise<OutgoingRecord> {
  const { from, replay: topic } = TOPOLOGY[order.phase];
  const value = await encode(from, order.phase === 'spotify' ? asRawTrack(event) : event);
  if (!value.ok) throw new Error(`Track ${event.trackId} of replay ${id}: ${value.failure.message}`);
  const identity = { id: `${id}:${origin}`, type: from, source: '/replays', subject: event.trackId, time: startedAt };
  return {
    topic,
    partition: null,
    key: Buffer.from(event.trackId),
    value: value.value,
    headers: {
      ...cloudEventHeaders(identity),
      'run-id': id,
      'replay-id': id,
      ...(order.force.length === 0 ? {} : { force: forceHeader({ phases: order.force, since: startedAt }) }),
    },
  };
}
