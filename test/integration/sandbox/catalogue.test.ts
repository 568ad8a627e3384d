import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { fromChartmetricId, toChartmetricId } from '#sandbox/catalogue/numbers.ts';
import { bearsItsWriter } from '#sandbox/catalogue/publishers.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { type Trait, traits } from '#sandbox/catalogue/traits.ts';

const catalogue = createCatalogue();
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('');
const trackIds = fc
  .array(fc.constantFrom(...base62), { minLength: 22, maxLength: 22 })
  .map((letters) => letters.join(''));

const recordingOf = (id: string): Recording => catalogue.recording(catalogue.resolve.track(id) ?? -1);
const facts = (recording: Recording): unknown => JSON.parse(JSON.stringify(recording));

describe('the catalogue', () => {
  it('gives any valid track id the same recording for ever', () => {
    fc.assert(
      fc.property(trackIds, (id) => {
        const again = createCatalogue();
        expect(facts(again.recording(again.resolve.track(id) ?? -1))).toEqual(facts(recordingOf(id)));
      }),
      { numRuns: 40 },
    );
  });

  it('has not changed since the sample playlist was written', () => {
    const [id = ''] = catalogue.find.plain(1);
    const { isrc, title, work, playCount } = recordingOf(id);
    expect({ id, isrc, title, songCode: work.songCode, playCount }).toMatchInlineSnapshot(`
      {
        "id": "0zCd70hDdRnkycLT8upPMa",
        "isrc": "ZZUVW0722880",
        "playCount": 108,
        "songCode": "UYYR2S",
        "title": "Folded Satellite",
      }
    `);
  });

  it('tells another catalogue by its seed', () => {
    const other = createCatalogue('another');
    const differing = catalogue.find.lifelike(20).filter((id) => {
      return other.recording(other.resolve.track(id) ?? -1).title !== recordingOf(id).title;
    });
    expect(differing.length).toBeGreaterThan(15);
  });

  it('refuses what is no track id', () => {
    for (const id of ['', 'short', `${'a'.repeat(21)}!`, 'a'.repeat(23)])
      expect(catalogue.resolve.track(id)).toBeNull();
  });

  it('finds a recording back by every identifier it gave out', () => {
    fc.assert(
      fc.property(trackIds, (id) => {
        const recording = recordingOf(id);
        const { number, work, isrc } = recording;
        expect(catalogue.resolve.track(catalogue.resolve.trackId(number))).toBe(number);
        if (isrc !== null) expect(catalogue.resolve.isrc(isrc)).toBe(number);
        expect(catalogue.resolve.mbRecording(catalogue.resolve.mbRecordingId(number))).toBe(number);
        expect(fromChartmetricId(toChartmetricId(number))).toBe(number);
        expect(catalogue.resolve.songCode(work.songCode)).toEqual({ work: work.number, registration: 0 });
        expect(catalogue.resolve.mbWork(work.mbid)).toBe(work.number);
        expect(facts({ ...recording, work: catalogue.work(work.number) })).toEqual(facts(recording));
      }),
      { numRuns: 200 },
    );
  });

  it('finds albums and artists back by id', () => {
    for (const id of catalogue.find.lifelike(100)) {
      const { album, artists, number } = recordingOf(id);
      expect(catalogue.resolve.album(album.id)).toBe(album.number);
      expect(catalogue.resolve.recordingsOfAlbum(album.number)).toContain(number);
      expect(artists.map((artist) => catalogue.resolve.artist(artist.id))).toEqual(
        artists.map((artist) => artist.number),
      );
    }
  });

  it('finds writers back by MBID, IPI and name', () => {
    for (const writer of Array.from({ length: 300 }, (_, number) => catalogue.writer(number))) {
      const { number, mbid, ipi, name } = writer;
      expect(mbid === null || catalogue.resolve.mbArtist(mbid)).toEqual(mbid === null || { kind: 'writer', number });
      expect(ipi === null || catalogue.search.writerWithIpi(ipi)).toBe(ipi === null || number);
      expect(catalogue.search.writersNamed(name.full.toUpperCase())).toContain(number);
    }
  });

  it('finds most works by title and writers', () => {
    const ids = catalogue.find.lifelike(16);
    const found = ids.filter((id) => {
      const { work } = recordingOf(id);
      const writers = work.writers.map(({ writer }) => writer.number);
      return catalogue.search.works(work.title, writers).some(({ number }) => number === work.number);
    });
    expect(found.length).toBeGreaterThan(11);
  });

  it('lists an album with the very tracks that name it', () => {
    const [id = ''] = catalogue.find.idsWith((one) => one.album.size > 8 && !one.has('unknownToSpotify'), 1);
    const tracks = catalogue.albumTracks(recordingOf(id).album.number);
    expect(tracks.map((track) => track.id)).toContain(id);
    expect(new Set(tracks.map((track) => track.id)).size).toBe(tracks.length);
    expect(tracks.every((track) => recordingOf(track.id).album.id === recordingOf(id).album.id)).toBe(true);
  });

  it('rarely gives two foreign ids one recording', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => String(index).padStart(22, 'x'));
    expect(new Set(ids.map(catalogue.resolve.track)).size).toBe(5000);
  });
});

describe('the awkwardness of the catalogue', () => {
  const ids = catalogue.find.lifelike(5000);
  const recordings = ids.map(recordingOf);
  const named = Object.entries(traits).filter(([, { of }]) => of !== 'writer');

  it.each(named)('has its share of %s', (name, { share }) => {
    const having = recordings.filter((one) => one.has(name as Trait)).length / recordings.length;
    // Three and a half standard deviations, and room for albums that put one album's trait on several tracks.
    expect(Math.abs(having - share)).toBeLessThan(0.005 + 4 * Math.sqrt((share * (1 - share)) / recordings.length));
  });

  it('shares albums, artists and writers as playlists do', () => {
    const few = recordings.slice(0, 1000);
    const different = (keys: readonly number[]): number => new Set(keys).size;
    expect(different(few.map(({ album }) => album.number))).toBeGreaterThan(600);
    expect(different(few.map(({ album }) => album.number))).toBeLessThan(800);
    expect(different(few.map(({ artists }) => artists[0]?.number ?? -1))).toBeLessThan(900);
    const writers = few.flatMap(({ work }) => work.writers.map(({ writer }) => writer.number));
    expect(different(writers)).toBeLessThan(writers.length);
  });

  it('has play counts from none to beyond 32 bits, and unknown ones', () => {
    const counts = recordings.map(({ playCount }) => playCount);
    expect(counts).toContain(0);
    expect(counts).toContain(null);
    expect(counts.some((count) => count !== null && count > 2 ** 31)).toBe(true);
    expect(counts.some((count) => count !== null && count > 0 && count < 100)).toBe(true);
  });

  it('writes names in many scripts, and some that break splitters', () => {
    const names = recordings.flatMap(({ artists, work }) => [
      ...artists.map(({ name }) => name),
      ...work.writers.map(({ writer }) => writer.name.full),
    ]);
    const forms = [
      /\p{Script=Hangul}/u,
      /\p{Script=Han}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Hebrew}/u,
    ];
    const traps = [/\p{Script=Thai}/u, /\//, /, .* & /, /, The /, /\bMc[A-Z]/, /\$/, / III$/, /^\S+$/, /[ðþøł]/i];
    for (const form of [...forms, ...traps]) expect(names.some((name) => form.test(name))).toBe(true);
  });

  it('publishes works as their trait says', () => {
    const works = recordings.map(({ work }) => work);
    for (const work of works.slice(0, 1500)) {
      const shares = catalogue.shares(work);
      const sum = shares.reduce((total, { percent }) => total + percent, 0);
      const groups = new Set(shares.map(({ publisher }) => publisher.group ?? publisher.id));
      const expected = {
        unsigned: shares.every(({ role }) => role === 'AM'),
        selfPublished: shares.every(({ publisher, writer, administrators }) => {
          const owner = catalogue.writer(writer);
          return bearsItsWriter(publisher, owner) || administrators.at(-1)?.name === owner.name.full;
        }),
        signed: groups.size === 1 && (sum === 0 || Math.abs(sum - 100) < 0.01),
        split: groups.size > 1 && Math.abs(sum - 100) < 0.01,
        partial: groups.size === 1 && sum < 100,
        disputed: sum > 100,
      };
      expect({ work: work.number, [work.publishing]: expected[work.publishing] }).toEqual({
        work: work.number,
        [work.publishing]: true,
      });
    }
  });
});
