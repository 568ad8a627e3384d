import { expect, test } from 'vitest';
import { operationAt } from '#app/operations/append.ts';
import { changesOf } from '#projector/changes.ts';
import { readingOf } from '#projector/reading.ts';
import { SOURCES } from '#projector/sources.ts';
import { storable } from '#projector/storable.ts';
import type { StoredRecord } from '#stream/record.ts';
import { ok } from '#stream/result.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

const record = (topic: string, value: unknown, headers: Record<string, string> = {}): StoredRecord => ({
  topic,
  partition: 0,
  offset: 3,
  timestamp: 77,
  key: null,
  value: Buffer.from(JSON.stringify(value)),
  headers,
});

const read = (given: StoredRecord) => readingOf(given, async (_, bytes) => ok(JSON.parse(String(bytes))));

test('every topic of the chain, every replay lane and every dlq is read, and nothing else', () => {
  expect([...SOURCES.keys()].sort()).toEqual([
    'tracks.analytics.dlq',
    'tracks.analytics.replay',
    'tracks.complete',
    'tracks.credited',
    'tracks.credits.dlq',
    'tracks.credits.replay',
    'tracks.linked',
    'tracks.links.dlq',
    'tracks.links.replay',
    'tracks.publishing-checked',
    'tracks.publishing.dlq',
    'tracks.publishing.replay',
    'tracks.raw',
    'tracks.spotify-enriched',
    'tracks.spotify.dlq',
    'tracks.spotify.replay',
  ]);
});

test.each([
  ['tracks.raw', 0],
  ['tracks.spotify.replay', 0],
])('a raw track on %s is an event at the beginning of the chain, keyed by the bare id', async (topic, reached) => {
  const raw = aRawTrack({ track: `https://open.spotify.com/intl-de/track/${trackId(1)}?si=1` });
  expect(await read(record(topic, raw))).toMatchObject({
    kind: 'event',
    event: { trackId: trackId(1) },
    runId: 'run-1',
    reached,
    at: 77,
  });
});

test.each([
  ['tracks.credits.replay', 1],
  ['tracks.credited', 2],
  ['tracks.complete', 5],
])('an event on %s has reached place %i', async (topic, reached) => {
  expect(await read(record(topic, aTrackEvent()))).toMatchObject({ kind: 'event', reached });
});

test('the run header says whose run it is, before the event does: a replay is a run of its own', async () => {
  expect(await read(record('tracks.credited', aTrackEvent(), { 'run-id': 'replay-1' }))).toMatchObject({
    runId: 'replay-1',
  });
});

test.each([
  ['as many as it sent, as earlier versions say', { sent: '60' }, 60],
  ['fewer, when a range holds one several times', { sent: '60', tracks: '58' }, 58],
])('a replay that has ended says how many tracks its run has: %s', async (_, details, total) => {
  const ended = operationAt({ id: 'r.ended', kind: 'replay_ended', by: 'linernotes', target: 'replay-1', details }, AT);
  const changes = changesOf([await read(record(OPERATIONS_TOPIC, ended))]);
  expect(changes.runs.get('replay-1')).toMatchObject({ total });
});

test('a letter whose subject is no track id belongs to no track and is in no count', async () => {
  const headers = {
    'dl-id': 'x',
    'dl-origin-topic': 'tracks.raw',
    'dl-origin-partition': '0',
    'dl-origin-offset': '9',
    'dl-error': 'NO_TRACK_ID',
    'run-id': 'run-1',
    ce_subject: 'not a track',
  };
  const reading = await read(record('tracks.spotify.dlq', {}, headers));
  expect(reading).toMatchObject({ kind: 'letter', letter: { trackId: null, class: 'invalid', forwarded: false } });
  const changes = changesOf([reading]);
  expect([changes.tracks.size, changes.runTracks.size, changes.letters.size, changes.runs.size]).toEqual([0, 0, 1, 1]);
});

test('a letter of a plain producer, without headers of its own, belongs to the track and run of its bytes', async () => {
  const headers = {
    'dl-id': 'x',
    'dl-origin-topic': 'tracks.raw',
    'dl-origin-partition': '0',
    'dl-origin-offset': '9',
    'dl-error': 'CRASH',
  };
  const raw = aRawTrack({ track: `spotify:track:${trackId(4)}`, runId: 'plain' });
  for (const given of [headers, { ...headers, 'run-id': 'plain' }])
    expect(await read(record('tracks.spotify.dlq', raw, given))).toMatchObject({
      letter: { trackId: trackId(4), runId: 'plain', class: 'bug' },
    });
});

test('text that the database cannot keep is mended everywhere, and all else is left alone', () => {
  expect(storable({ a: 'x\0y', b: [null, 1, true, { c: '\0' }] })).toEqual({
    a: 'x\uFFFDy',
    b: [null, 1, true, { c: '\uFFFD' }],
  });
});
