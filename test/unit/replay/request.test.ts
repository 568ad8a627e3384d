import { describe, expect, it } from 'vitest';
import { offsetRangesOf } from '#replay/offsets.ts';
import { faultOf, laneOf, type ReplayRequest } from '#replay/request.ts';

describe('a request for a replay', () => {
  it.each<[ReplayRequest, string]>([
    [{}, 'A replay has one source: tracks, playlist, run, where or topic; none is named.'],
    [{ run: 'r', where: 'isrc is null' }, 'run and where are named.'],
    [{ run: 'r', since: '24h' }, 'since narrows a topic, and the source is run.'],
    [{ topic: 'tracks.raw', offsets: '0:1-2', until: '24h' }, 'by offsets or by since and until, not by both'],
    [
      { run: 'r', phase: 'links', force: ['credits'] },
      'A replay into links never comes to credits, so it cannot force it',
    ],
  ])('%j is refused', (request, why) => {
    expect(faultOf(request)).toContain(why);
  });

  it.each<[string, ReplayRequest, ReturnType<typeof laneOf>]>([
    ['begins at the first phase', { run: 'r' }, { phase: 'spotify', force: [] }],
    [
      'begins at the earliest phase that is forced',
      { run: 'r', force: ['analytics', 'links'] },
      { phase: 'links', force: ['links', 'analytics'] },
    ],
    [
      'begins at the phase that is named',
      { run: 'r', phase: 'credits', force: ['analytics'] },
      { phase: 'credits', force: ['analytics'] },
    ],
    ['forces the named phase', { run: 'r', phase: 'credits', force: true }, { phase: 'credits', force: ['credits'] }],
    ['goes where its topic is read', { topic: 'tracks.linked' }, { phase: 'analytics', force: [] }],
    ['goes where its lane is read', { topic: 'tracks.credits.replay' }, { phase: 'credits', force: [] }],
    ['begins anew with what is complete', { topic: 'tracks.complete' }, { phase: 'spotify', force: [] }],
  ])('%s', (_, request, lane) => {
    expect(faultOf(request)).toBeNull();
    expect(laneOf(request)).toEqual(lane);
  });
});

describe('parts of partitions', () => {
  it('are read with and without an end', () => {
    expect(offsetRangesOf('0:100-200, 3:0-')).toEqual([
      { partition: 0, from: 100, to: 200 },
      { partition: 3, from: 0, to: null },
    ]);
  });

  it.each([
    ['0:5', '"0:5" is no part of a partition'],
    ['0:9-3', '"0:9-3" ends before it begins'],
    ['0:1-2,0:4-5', 'partition 0 is named twice'],
  ])('%s is refused', (text, why) => {
    expect(offsetRangesOf(text)).toEqual({ wrong: expect.stringContaining(why) });
  });
});
