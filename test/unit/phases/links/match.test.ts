import { describe, expect, it } from 'vitest';
import { byIpi, byName, byRecording, byWork, isCertain } from '#phases/links/match.ts';
import { ranked } from '#phases/links/recordings.ts';
import type { FoundArtist, FoundRecording, FoundWork } from '#providers/musicbrainz/facts.ts';

const wanted = { name: 'Ann Bee', ipi: '00045620792' };

const aWork = (...writers: FoundWork['writers']): FoundWork => ({ id: 'w', title: 'Song', iswcs: [], writers });
const anArtist = (id: string, over: Partial<FoundArtist> = {}): FoundArtist => ({
  id,
  name: 'Ann Bee',
  aliases: [],
  ipis: [],
  ...over,
});
const aRecording = (id: string, over: Partial<FoundRecording> = {}): FoundRecording => ({
  id,
  title: 'Song',
  lengthMs: null,
  artists: [],
  ...over,
});

describe('a writer relation of the work', () => {
  it('identifies the writer of the same name', () => {
    const works = [aWork({ id: 'a', name: 'ANN BEE', role: 'composer' }, { id: 'b', name: 'Cy', role: 'lyricist' })];
    expect(byWork(wanted, works)).toEqual({ name: 'Ann Bee', mbid: 'a', ipi: null, matchedBy: 'work_relation' });
  });

  it('counts once for one person with two roles, in two works', () => {
    const one = { id: 'a', name: 'Ann Bee' };
    const works = [
      aWork({ ...one, role: 'composer' }, { ...one, role: 'lyricist' }),
      aWork({ ...one, role: 'writer' }),
    ];
    expect(byWork(wanted, works)?.mbid).toBe('a');
  });

  it('identifies nobody when two writers bear the name', () => {
    const works = [
      aWork({ id: 'a', name: 'Ann Bee', role: 'composer' }, { id: 'b', name: 'Ann Bee', role: 'lyricist' }),
    ];
    expect(byWork(wanted, works)).toBeNull();
  });

  it('of another kind makes no writer', () => {
    expect(byWork(wanted, [aWork({ id: 'a', name: 'Ann Bee', role: 'dedication' })])).toBeNull();
  });
});

describe('an IPI', () => {
  it('identifies its one bearer, whatever the name', () => {
    const artists = [anArtist('a', { name: 'A. B.', ipis: ['45620792'] })];
    expect(byIpi(wanted, artists)).toEqual({ name: 'Ann Bee', mbid: 'a', ipi: '00045620792', matchedBy: 'ipi' });
  });

  it('with several bearers identifies the one of the same name, or nobody', () => {
    const ipis = ['00045620792'];
    expect(byIpi(wanted, [anArtist('a', { ipis }), anArtist('b', { name: 'The Bees', ipis })])?.mbid).toBe('a');
    expect(byIpi(wanted, [anArtist('a', { ipis }), anArtist('b', { ipis })])).toBeNull();
  });
});

describe('an artist of the recording', () => {
  it('identifies the writer of the same name', () => {
    const recordings = [aRecording('r', { artists: [{ id: 'a', name: 'Ann Bee' }] })];
    expect(byRecording(wanted, recordings)).toEqual({
      name: 'Ann Bee',
      mbid: 'a',
      ipi: null,
      matchedBy: 'name_and_recording',
    });
    expect(byRecording({ name: 'Ann', ipi: null }, recordings)).toBeNull();
  });
});

describe('a name alone', () => {
  it('makes a candidate, which is not certain', () => {
    const candidate = byName(wanted, [anArtist('a'), anArtist('b', { name: 'Anne Bee' })]);
    expect(candidate).toEqual({ name: 'Ann Bee', mbid: 'a', ipi: null, matchedBy: 'name' });
    expect(isCertain(candidate)).toBe(false);
  });

  it('counts an alias', () => {
    expect(byName(wanted, [anArtist('a', { name: 'Bee', aliases: ['ann bee'] })]).mbid).toBe('a');
  });

  it('borne by several people picks none of them', () => {
    expect(byName(wanted, [anArtist('a'), anArtist('b')])).toMatchObject({ mbid: null, matchedBy: 'name' });
  });

  it('borne by nobody leaves the writer unknown', () => {
    expect(byName(wanted, [])).toEqual({ name: 'Ann Bee', mbid: null, ipi: null, matchedBy: 'unknown' });
  });
});

describe('the best of several recordings', () => {
  it('has the title, then the length, then the rank of the search', () => {
    const recordings = [
      aRecording('live', { title: 'Song (live)', lengthMs: 200_000 }),
      aRecording('long', { lengthMs: 400_000 }),
      aRecording('near', { title: 'SONG', lengthMs: 201_000 }),
      aRecording('unmeasured'),
    ];
    const order = ranked(recordings, { name: 'Song', durationMs: 200_000 }).map(({ id }) => id);
    expect(order).toEqual(['near', 'long', 'unmeasured', 'live']);
  });

  it('is the first of the search when nothing is known of the track', () => {
    const order = ranked([aRecording('x'), aRecording('y')], { name: null, durationMs: null }).map(({ id }) => id);
    expect(order).toEqual(['x', 'y']);
  });
});
