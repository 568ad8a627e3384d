import { describe, expect, test } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { pastReader } from '#app/timeline/as-it-was.ts';
import { PROJECTED_TOPICS } from '#projector/sources.ts';
import { eventIdOf } from '#stream/envelope.ts';
import { decodeJson } from '#test/support/read-model.ts';
import { AT, aPart, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { TOPOLOGY } from '#track/topology.ts';

const ID = trackId(1);
const HOUR = 3_600_000;

/** A track that is seen, completed an hour later with a popularity, and measured again a day after that. */
function aPast() {
  let clock = AT;
  const broker = memoryBroker({ now: () => clock });
  for (const topic of PROJECTED_TOPICS) broker.createTopic(topic, 3);
  const put = (topic: string, value: unknown, headers: Record<string, string> = {}) =>
    broker.produce([
      { topic, partition: null, key: Buffer.from(ID), value: Buffer.from(JSON.stringify(value)), headers },
    ]);
  const playlist = {
    id: 'p',
    name: 'Summer',
    snapshotId: 's1',
    positions: [4],
    url: null,
    curator: null,
    isEditorial: null,
  };
  const raw = aRawTrack({ track: ID, name: 'A song', playlist });
  const measured = (popularity: number, fetchedAt: number) => {
    const event = aTrackEvent({ trackId: ID }, raw);
    const spotify = {
      ...event.sections.spotify,
      popularity: aPart({ popularity }, { fetchedAt, askedBy: `track:${ID}` }),
    };
    const report = { status: 'enriched' as const, at: fetchedAt, code: null, attempts: 1, confirmedAt: null };
    return { ...event, sections: { ...event.sections, spotify }, reports: { ...event.reports, spotify: report } };
  };
  put('tracks.raw', raw);
  clock += HOUR;
  put('tracks.complete', measured(10, clock), { 'run-id': 'run-1' });
  clock += 24 * HOUR;
  put('tracks.complete', measured(20, clock), { 'run-id': 'replay-1' });
  const at = pastReader({
    reader: broker.reader,
    since: async (topic) => (await broker.reader.ends(topic)).map((end) => ({ ...end, offset: 0 })),
    track: async () => null,
    decode: decodeJson,
    most: 100,
  });
  return { at, broker };
}

describe('a track as it was', () => {
  test('is what its events up to then say together', async () => {
    const { at } = aPast();
    const then = async (moment: number) => {
      const found = await at(ID, moment);
      return found?.kind === 'found' ? found.track : null;
    };
    expect(await then(AT + HOUR - 1)).toMatchObject({
      status: 'in_flight',
      name: 'A song',
      popularity: null,
      completeAt: null,
    });
    expect(await then(AT + 2 * HOUR)).toMatchObject({
      status: 'complete',
      popularity: 10,
      completeAt: new Date(AT + HOUR).toISOString(),
      phases: { spotify: 'enriched', credits: null },
      runs: [{ runId: 'run-1', place: 'complete', degraded: false }],
      playlists: [{ playlistId: 'p', name: 'Summer', snapshotId: 's1', positions: [4], current: true }],
    });
    expect(await then(AT + 25 * HOUR)).toMatchObject({ popularity: 20, completeAt: new Date(AT + HOUR).toISOString() });
  });

  test('is nothing before it was seen', async () => {
    expect(await aPast().at(ID, AT - 1)).toBeNull();
  });

  test('has the letters that stood then, open until the phase had answered', async () => {
    const { at, broker } = aPast();
    const headers = {
      'dl-id': eventIdOf(TOPOLOGY.spotify.group, { topic: 'tracks.raw', partition: 0, offset: 0 }),
      'dl-origin-topic': 'tracks.raw',
      'dl-origin-partition': '0',
      'dl-origin-offset': '0',
      'dl-group': TOPOLOGY.spotify.group,
      'dl-error': 'TIMEOUT',
      'dl-attempts': '1',
      'dl-first-failed-at': new Date(AT + 1).toISOString(),
      'dl-last-failed-at': new Date(AT + 1).toISOString(),
      'dl-forwarded': 'true',
      'run-id': 'run-1',
      ce_subject: ID,
    };
    broker.produce([{ topic: TOPOLOGY.spotify.dlq, partition: null, key: Buffer.from(ID), value: null, headers }]);
    const found = await at(ID, AT + 48 * HOUR);
    expect(found?.kind === 'found' ? found.track.letters : null).toMatchObject([
      { code: 'TIMEOUT', state: 'superseded' },
    ]);
  });

  test('is not told from a part of the log', async () => {
    const { broker } = aPast();
    const at = pastReader({
      reader: broker.reader,
      since: async (topic) => (await broker.reader.ends(topic)).map((end) => ({ ...end, offset: 0 })),
      track: async () => null,
      decode: decodeJson,
      most: 2,
    });
    expect(await at(ID, AT + 48 * HOUR)).toEqual({ kind: 'too long', looked: 2 });
  });
});
