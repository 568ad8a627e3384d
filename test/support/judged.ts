import avsc from 'avsc';
import { eventOf, type TrackEvent } from '#track/event.ts';
import type { RawTrack } from '#track/raw.ts';
import { LATEST_TOPIC, OPERATIONS_TOPIC, PIPELINE_TOPICS, PROJECTOR_GROUP, TOPOLOGY } from '#track/topology.ts';
import { type LoggedRecord, topicLog } from './topic-log.ts';

/** The topics of the pipeline by what stands on them; the names are all that is taken from the product. */
export const CHAIN: readonly string[] = PIPELINE_TOPICS;
export const STAGES = Object.values(TOPOLOGY);
const REPLAYS = STAGES.map(({ replay }) => replay);
const LETTERS = STAGES.map(({ dlq }) => dlq);
const ALL = [...CHAIN, ...REPLAYS, ...LETTERS, `${PROJECTOR_GROUP}.dlq`, LATEST_TOPIC, OPERATIONS_TOPIC];

/** How far along the chain a track is that stands on a topic: 0 on `tracks.raw`, 5 on `tracks.complete`. */
const PLACES = new Map<string, number>([
  ...CHAIN.map((topic, place): [string, number] => [topic, place]),
  ...REPLAYS.map((topic, place): [string, number] => [topic, place]),
  ...LETTERS.map((topic, place): [string, number] => [topic, place]),
]);

/** A record of an event, decoded. */
export type JudgedEvent = {
  readonly record: LoggedRecord;
  readonly place: number;
  readonly runId: string;
  readonly trackId: string;
  /** The event in the shape it has after `tracks.raw`. */
  readonly event: TrackEvent;
};

/** A dead letter, with what it says of its record. */
export type JudgedLetter = {
  readonly record: LoggedRecord;
  readonly place: number;
  readonly id: string;
  readonly forwarded: boolean;
  readonly runId: string | null;
  readonly trackId: string | null;
};

/** All that stands on the topics. */
export type Judged = {
  readonly records: (topic: string) => readonly LoggedRecord[];
  readonly committed: (group: string, topic: string) => Promise<readonly number[]>;
  readonly events: readonly JudgedEvent[];
  readonly letters: readonly JudgedLetter[];
};

const TRACK = /([0-9A-Za-z]{22})(?:\?.*)?$/;

/** Decodes by the registry's own API and plain avsc; `null` for what is not in the Confluent wire format. */
export function wireReader(registryUrl: string) {
  const types = new Map<number, Promise<avsc.Type | null>>();
  const typeOf = async (id: number): Promise<avsc.Type | null> => {
    const answer = await fetch(`${registryUrl}/schemas/ids/${id}`);
    if (!answer.ok) return null;
    const { schema } = (await answer.json()) as { schema: string };
    return avsc.Type.forSchema(JSON.parse(schema));
  };
  return async function read(value: Buffer | null): Promise<unknown> {
    if (value === null || value.length < 5 || value[0] !== 0) return null;
    const id = value.readInt32BE(1);
    if (!types.has(id)) types.set(id, typeOf(id));
    const type = await types.get(id);
    // As JSON and back: plain objects instead of instances of avsc's classes.
    return type === null || type === undefined ? null : JSON.parse(JSON.stringify(type.fromBuffer(value.subarray(5))));
  };
}

/** A raw value, or an event, as an event; `null` when it names no track. */
function asEvent(value: RawTrack | TrackEvent | null): TrackEvent | null {
  if (value === null || !('track' in value)) return value;
  const trackId = TRACK.exec(value.track)?.[1];
  return trackId === undefined ? null : eventOf(trackId, value);
}

/** Reads everything that is on the topics and goes on from there each time. */
export async function judgeOf(services: { kafkaBrokers: readonly string[]; schemaRegistryUrl: string }) {
  const log = await topicLog(services.kafkaBrokers, ALL);
  const read = wireReader(services.schemaRegistryUrl);
  const decoded = new Map<LoggedRecord, TrackEvent | null>();

  const eventIn = async (record: LoggedRecord): Promise<TrackEvent | null> => {
    const before = decoded.get(record);
    if (before !== undefined) return before;
    const event = asEvent((await read(record.value)) as RawTrack | TrackEvent | null);
    decoded.set(record, event);
    return event;
  };

  async function eventsOn(topic: string): Promise<JudgedEvent[]> {
    const place = PLACES.get(topic) ?? -1;
    const events: JudgedEvent[] = [];
    for (const record of log.records(topic)) {
      const event = await eventIn(record);
      if (event === null) continue;
      const runId = record.headers['run-id'] || event.raw.runId;
      events.push({ record, place, runId, trackId: event.trackId, event });
    }
    return events;
  }

  async function lettersOn(topic: string): Promise<JudgedLetter[]> {
    const place = PLACES.get(topic) ?? -1;
    const letters: JudgedLetter[] = [];
    for (const record of log.records(topic)) {
      const event = await eventIn(record);
      const { headers } = record;
      letters.push({
        record,
        place,
        id: headers['dl-id'] ?? '',
        forwarded: headers['dl-forwarded'] === 'true',
        runId: headers['run-id'] ?? event?.raw.runId ?? null,
        trackId: headers['ce_subject'] ?? event?.trackId ?? null,
      });
    }
    return letters;
  }

  return {
    async judged(): Promise<Judged> {
      await log.readToEnds();
      const events = await Promise.all([...CHAIN, ...REPLAYS].map(eventsOn));
      const letters = await Promise.all(LETTERS.map(lettersOn));
      return { records: log.records, committed: log.committed, events: events.flat(), letters: letters.flat() };
    },
    /** What a reader of `tracks.latest` holds now: the last value of each key, decoded; `null` where it is a tombstone. */
    async latest(): Promise<ReadonlyMap<string, unknown>> {
      await log.readToEnds();
      const last = new Map(log.records(LATEST_TOPIC).map(({ key, value }) => [String(key), value]));
      const decode = async ([key, value]: [string, Buffer | null]) => [key, await read(value)] as const;
      return new Map(await Promise.all([...last].map(decode)));
    },
    async written(topic: string, runId: string): Promise<number> {
      // An open transaction at the end is no news while work goes on.
      await log.readToEnds().catch(() => undefined);
      return (await eventsOn(topic)).filter((event) => event.runId === runId).length;
    },
    close: log.close,
  };
}
