import { describe, expect, it } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { type Feedable, feedStep, groupOf } from '#replay/feed.ts';
import type { ReplayOrder } from '#replay/order.ts';
import type { KnownTracks, ReplaySource } from '#replay/ports.ts';
import { sentInAll } from '#replay/progress.ts';
import { rangeSource } from '#replay/range-source.ts';
import { storedSource } from '#replay/stored-source.ts';
import type { Decode, Encode } from '#stream/ports.ts';
import { ok } from '#stream/result.ts';
import { AT, aPart, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { stateOf, type TrackState } from '#track/state.ts';

const encode: Encode = async (_, value) => ok(Buffer.from(JSON.stringify(value)));
const decode: Decode = async (_, bytes) => ok(JSON.parse(String(bytes)));

const knownTracks = (states: readonly TrackState[], withdrawn: readonly string[] = []): KnownTracks => ({
  selected: async (_selection, _startedAt, { after, limit }) =>
    states
      .toSorted((a, b) => (a.trackId < b.trackId ? -1 : 1))
      .filter(({ trackId: id }) => after === null || id > after)
      .slice(0, limit),
  states: async (ids) => new Map(states.filter((one) => ids.includes(one.trackId)).map((one) => [one.trackId, one])),
  withdrawn: async (ids) => new Set(ids.filter((id) => withdrawn.includes(id))),
});

const stateNumbered = (n: number): TrackState => stateOf(aTrackEvent({ trackId: trackId(n) }, { name: `Track ${n}` }));

const replayOf = (over: Partial<ReplayOrder> = {}): Feedable => ({
  id: 'replay-1',
  startedAt: AT,
  order: { selection: { kind: 'run', runId: 'run-1' }, phase: 'analytics', force: [], rate: null, ...over },
});

const aBroker = () => {
  const broker = memoryBroker();
  for (const topic of ['tracks.raw', 'tracks.spotify.replay', 'tracks.analytics.replay', 'linernotes.operations']) {
    broker.createTopic(topic, 3);
  }
  return broker;
};

/** Feeds as a worker does: after a lost commit, or a kill, with a new writer and from what is committed. */
async function feedAll(
  broker: ReturnType<typeof aBroker>,
  sourceOf: () => ReplaySource,
  replay: Feedable,
  most: number,
  before: (step: number) => void = () => undefined,
): Promise<void> {
  for (let step = 0; ; step += 1) {
    before(step);
    const source = sourceOf();
    const writer = await broker.openWriter(groupOf(replay.id));
    const places = await broker.places(groupOf(replay.id), source.partitions);
    const result = await feedStep(replay, places, most, { writer, source, encode });
    await source.close();
    if (result.kind === 'exhausted') return;
  }
}

const sentTo = (broker: ReturnType<typeof aBroker>, topic: string) =>
  broker.records(topic).map(({ value, headers }) => ({ value: JSON.parse(String(value)), headers }));

describe('feeding a replay', () => {
  const states = Array.from({ length: 25 }, (_, n) => stateNumbered(n));
  const source = () => storedSource({ kind: 'run', runId: 'run-1' }, AT, knownTracks(states));

  it('sends every track of the selection once, under the replay’s own run', async () => {
    const broker = aBroker();
    await feedAll(broker, source, replayOf({ force: ['analytics'] }), 10);
    const sent = sentTo(broker, 'tracks.analytics.replay');
    expect(sent.map(({ value }) => value.trackId).sort()).toEqual(states.map((state) => state.trackId));
    expect(sent[0]?.headers).toMatchObject({
      'run-id': 'replay-1',
      'replay-id': 'replay-1',
      force: `analytics@${new Date(AT).toISOString()}`,
      ce_id: `replay-1:${sent[0]?.value.trackId}`,
    });
  });

  it.each(['lost-before', 'left-open', 'lost-after'] as const)(
    'sends none twice when commits end as %s',
    async (fault) => {
      const broker = aBroker();
      await feedAll(broker, source, replayOf(), 4, (step) => {
        if (step % 2 === 0) broker.failNextCommit(fault);
      });
      const ids = sentTo(broker, 'tracks.analytics.replay').map(({ value }) => value.trackId);
      expect(ids.toSorted()).toEqual(states.map((state) => state.trackId));
      const places = await broker.places(groupOf('replay-1'), source().partitions);
      expect(sentInAll(places)).toBe(25);
    },
  );

  it('enters the first phase as raw tracks with what is known as prior', async () => {
    const broker = aBroker();
    const popularity = aPart({ popularity: 5 });
    const plain = aTrackEvent({}, {});
    const known = stateOf({
      ...plain,
      sections: { ...plain.sections, spotify: { ...plain.sections.spotify, popularity } },
    });
    await feedAll(
      broker,
      () => storedSource({ kind: 'run', runId: 'r' }, AT, knownTracks([known])),
      replayOf({ phase: 'spotify' }),
      10,
    );
    expect(sentTo(broker, 'tracks.spotify.replay')[0]?.value).toMatchObject({
      track: trackId(),
      prior: { spotify: { popularity } },
    });
  });

  it('passes over tracks of which only a dead letter is known', async () => {
    const broker = aBroker();
    const lettered = { ...stateNumbered(1), appearances: [] };
    await feedAll(
      broker,
      () => storedSource({ kind: 'run', runId: 'r' }, AT, knownTracks([lettered, stateNumbered(2)])),
      replayOf(),
      1,
    );
    expect(sentTo(broker, 'tracks.analytics.replay').map(({ value }) => value.trackId)).toEqual([trackId(2)]);
  });
});

describe('feeding a range of a topic', () => {
  const partitions = [0, 1, 2].map((partition) => ({ partition, from: 0, to: 10 }));

  function aRange(count: number) {
    const broker = aBroker();
    broker.produce(
      Array.from({ length: count }, (_, n) => ({
        topic: 'tracks.raw',
        partition: n % 3,
        key: Buffer.from(trackId(n)),
        value: Buffer.from(JSON.stringify(aRawTrack({ track: trackId(n), name: `Track ${n}` }))),
        headers: {},
      })),
    );
    return broker;
  }

  const sourceOn =
    (broker: ReturnType<typeof aBroker>, known: readonly TrackState[] = [], withdrawn: readonly string[] = []) =>
    () =>
      rangeSource(
        { kind: 'range', topic: 'tracks.raw', partitions },
        { reader: broker.reader, decode, known: knownTracks(known, withdrawn) },
      );

  it('sends what stands in it and nothing that came later', async () => {
    const broker = aRange(36);
    await feedAll(broker, sourceOn(broker), replayOf({ phase: 'spotify' }), 7);
    const ids = sentTo(broker, 'tracks.spotify.replay').map(({ value }) => value.track);
    expect(ids.toSorted()).toEqual(Array.from({ length: 30 }, (_, n) => trackId(n)));
  });

  it.each(['lost-before', 'left-open', 'lost-after'] as const)(
    'sends none twice when commits end as %s',
    async (fault) => {
      const broker = aRange(30);
      await feedAll(broker, sourceOn(broker), replayOf({ phase: 'spotify' }), 4, (step) => {
        if (step % 2 === 0) broker.failNextCommit(fault);
      });
      expect(sentTo(broker, 'tracks.spotify.replay')).toHaveLength(30);
    },
  );

  it('passes over tracks that are withdrawn', async () => {
    const broker = aRange(5);
    await feedAll(broker, sourceOn(broker, [], [trackId(1), trackId(3)]), replayOf({ phase: 'spotify' }), 2);
    const ids = sentTo(broker, 'tracks.spotify.replay').map(({ value }) => value.track);
    expect(ids.toSorted()).toEqual([0, 2, 4].map((n) => trackId(n)));
  });

  it('adds what is known of a track by now to what the record says', async () => {
    const broker = aRange(1);
    const statistics = aPart({ streams: 5 });
    const event = aTrackEvent({ trackId: trackId(0) }, { track: trackId(0), observedAt: AT - 5, isrc: 'QZABC2500001' });
    const row = stateOf({
      ...event,
      sections: { ...event.sections, analytics: { ...event.sections.analytics, statistics: statistics as never } },
    });
    await feedAll(broker, sourceOn(broker, [row]), replayOf({ phase: 'spotify' }), 5);
    expect(sentTo(broker, 'tracks.spotify.replay')[0]?.value).toMatchObject({
      name: 'Track 0',
      isrc: 'QZABC2500001',
      prior: { analytics: { statistics } },
    });
  });

  it('passes over records that are no events', async () => {
    const broker = aRange(2);
    broker.produce([{ topic: 'tracks.raw', partition: 2, key: null, value: Buffer.from('{}'), headers: {} }]);
    await feedAll(broker, sourceOn(broker), replayOf({ phase: 'spotify' }), 5);
    expect(sentTo(broker, 'tracks.spotify.replay')).toHaveLength(2);
  });

  it('can be a replay’s own lane: a replay of a replay', async () => {
    const broker = aBroker();
    const states = [stateNumbered(1), stateNumbered(2)];
    await feedAll(broker, () => storedSource({ kind: 'run', runId: 'r' }, AT, knownTracks(states)), replayOf(), 5);
    const ends = await broker.reader.ends('tracks.analytics.replay');
    const range = {
      kind: 'range' as const,
      topic: 'tracks.analytics.replay',
      partitions: ends.map(({ partition, offset }) => ({ partition, from: 0, to: offset })),
    };
    const again = { ...replayOf(), id: 'replay-2' };
    await feedAll(
      broker,
      () => rangeSource(range, { reader: broker.reader, decode, known: knownTracks(states) }),
      again,
      5,
    );
    const runs = sentTo(broker, 'tracks.analytics.replay').map(({ headers }) => headers['run-id']);
    expect(runs.toSorted()).toEqual(['replay-1', 'replay-1', 'replay-2', 'replay-2']);
  });
});
