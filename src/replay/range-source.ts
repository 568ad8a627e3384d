import { trackReadingOf } from '#projector/reading.ts';
import type { Decode, LogReader, Place } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';
import type { TrackEvent } from '#track/event.ts';
import { merge } from '#track/merge.ts';
import { stateOf } from '#track/state.ts';
import { replayedEvent } from './event.ts';
import type { Chosen, KnownTracks, ReplaySource } from './ports.ts';
import { noteOf, sentBy } from './progress.ts';
import type { RangeSelection } from './selection.ts';

export type RangePorts = {
  readonly reader: LogReader;
  readonly decode: Decode;
  readonly known: Pick<KnownTracks, 'states' | 'withdrawn'>;
};

type Reading = { readonly partition: number; readonly records: AsyncIterator<StoredRecord>; at: number };

/**
 * The events of a closed range of a topic, partition after partition, each with what is known of its track by now. Records that are
 * no events are passed over (whoever read them first has dead-lettered them), and so are withdrawn tracks.
 */
export function rangeSource(
  { topic, partitions }: RangeSelection,
  { reader, decode, known }: RangePorts,
): ReplaySource {
  let reading: Reading | null = null;

  const close = async (): Promise<void> => {
    const last = reading;
    reading = null;
    await last?.records.return?.();
  };

  /** The log goes on being read where it was left, as long as that is where it was left. */
  const readingFrom = async (partition: number, offset: number): Promise<Reading> => {
    if (reading?.partition === partition && reading.at === offset) return reading;
    await close();
    reading = { partition, at: offset, records: reader.read([{ topic, partition, offset }])[Symbol.asyncIterator]() };
    return reading;
  };

  const take = async (partition: number, from: number, to: number, most: number) => {
    const own = await readingFrom(partition, from);
    const records: StoredRecord[] = [];
    while (records.length < most && own.at < to) {
      const { value, done } = await own.records.next();
      // Control records may be all that stands before the end.
      own.at = done === true ? to : Math.min(to, value.offset + 1);
      if (done !== true && value.offset < to) records.push(value);
    }
    return { records, next: own.at };
  };

  const eventIn = async (record: StoredRecord): Promise<Origin | null> => {
    const read = await trackReadingOf(record, decode);
    const { topic: at, partition, offset } = record;
    return read.kind === 'event' ? { origin: `${at}:${partition}:${offset}`, event: read.event } : null;
  };

  return {
    partitions: partitions.map(({ partition }) => ({ topic, partition })),
    async next(places, most) {
      const left = partitions.map((range) => ({ ...range, ...standing(places, range) })).find(({ at, to }) => at < to);
      if (left === undefined) return null;
      const { partition, to, at, sent } = left;
      const { records, next } = await take(partition, at, to, most);
      const events = (await Promise.all(records.map(eventIn))).filter((event) => event !== null);
      const chosen = await withKnown(events, known);
      const note = noteOf({ sent: sent + chosen.length, last: null });
      return { chosen, next: { topic, partition, offset: next, note } };
    },
    close,
  };
}

type Origin = { readonly origin: string; readonly event: TrackEvent };

function standing(places: readonly Place[], { partition, from }: { partition: number; from: number }) {
  const place = places.find((one) => one.partition === partition);
  return { at: Math.max(from, place?.offset ?? 0), sent: sentBy(place).sent };
}

async function withKnown(events: readonly Origin[], known: RangePorts['known']): Promise<readonly Chosen[]> {
  const trackIds = [...new Set(events.map(({ event }) => event.trackId))];
  const [states, withdrawn] = await Promise.all([known.states(trackIds), known.withdrawn(trackIds)]);
  return events.flatMap(({ origin, event: recorded }) => {
    if (withdrawn.has(recorded.trackId)) return [];
    const own = stateOf(recorded);
    const row = states.get(recorded.trackId);
    const event = replayedEvent(row === undefined ? own : merge(row, own));
    return event === null ? [] : [{ origin, event }];
  });
}
