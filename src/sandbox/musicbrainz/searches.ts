import type { Catalogue } from '../catalogue/catalogue.ts';
import { isrcOf } from '../catalogue/recordings.ts';
import { type Ask, json, type Reply, type Route } from '../http/route.ts';
import type { Entities } from './entities.ts';
import { readQuery, valuesOf } from './lucene.ts';
import { artistShape, type MbArtist, mbArtist, recordingShape, workShape, writerRelations } from './shapes.ts';
import { urlId } from './url-id.ts';

/** The searches: recordings by ISRC, works by recording, artists by IPI or name, addresses by artist. */
export function searches(catalogue: Catalogue, entities: Entities, urlLookup: (ask: Ask) => Reply): readonly Route[] {
  const recordings = (ask: Ask): Reply => {
    const found = values(ask, 'isrc').flatMap((isrc) =>
      entities
        .recordingsOf(isrc)
        .map(({ mbid, recording }) => recordingShape(mbid, recording, { score: 100, isrcs: [isrc] })),
    );
    const byId = values(ask, 'rid').flatMap((rid) => {
      const one = entities.recording(rid);
      if (one === null) return [];
      const isrcs = [isrcOf(catalogue.world, one.recording.number)];
      return [recordingShape(one.mbid, one.recording, { score: 100, isrcs })];
    });
    return page(ask, 'recordings', [...found, ...byId]);
  };
  const works = (ask: Ask): Reply => {
    const linked = values(ask, 'rid')
      .map((rid) => entities.recording(rid))
      .filter((one) => one?.linked === true);
    const found = linked.flatMap((one) => (one === null ? [] : [one.recording.work]));
    const unique = [...new Map(found.map((work) => [work.number, work])).values()];
    const shapes = unique.map((work) => ({
      ...workShape(work),
      score: 100,
      relations: [...recordingRelations(linked, work.number), ...writerRelations(catalogue, work)],
    }));
    return page(ask, 'works', shapes);
  };
  const artists = (ask: Ask): Reply => {
    const byIpi = values(ask, 'ipi')
      .map((ipi) => entities.artistWithIpi(ipi))
      .filter((artist) => artist !== null);
    const byName = values(ask, 'artist').flatMap((name) => entities.artistsNamed(name));
    const unique = [...new Map([...byIpi, ...byName].map((artist) => [artist.mbid, artist])).values()];
    return page(
      ask,
      'artists',
      unique.map((artist) => ({ ...artistShape(artist), score: 100, ipis: artist.ipis })),
    );
  };
  const urls = (ask: Ask): Reply => {
    if (ask.query.has('resource')) return urlLookup(ask);
    const owners = values(ask, 'targetid')
      .map((mbid) => mbArtist(catalogue, mbid))
      .filter((artist) => artist !== null);
    return page(ask, 'urls', owners.flatMap(urlHits));
  };
  return [
    {
      method: 'GET',
      path: '/ws/2/recording',
      endpoint: 'recording-search',
      ids: (ask) => [...values(ask, 'isrc'), ...values(ask, 'rid')],
      answer: recordings,
    },
    { method: 'GET', path: '/ws/2/work', endpoint: 'work-search', ids: (ask) => values(ask, 'rid'), answer: works },
    { method: 'GET', path: '/ws/2/artist', endpoint: 'artist-search', ids: artistKeys, answer: artists },
    { method: 'GET', path: '/ws/2/url', endpoint: 'url', ids: urlKeys, answer: urls },
  ];
}

const values = ({ query }: Ask, field: string): readonly string[] =>
  valuesOf(readQuery(query.get('query') ?? ''), field);
const artistKeys = (ask: Ask): readonly string[] => [...values(ask, 'ipi'), ...values(ask, 'artist')];
const urlKeys = (ask: Ask): readonly string[] => [...ask.query.getAll('resource'), ...values(ask, 'targetid')];

/** A page of hits: 25 unless asked, 100 at most. A query that could not be read is refused. */
function page(ask: Ask, key: string, found: readonly object[]): Reply {
  if (readQuery(ask.query.get('query') ?? '').length === 0)
    return json(400, { error: 'Unable to parse search query.' });
  const offset = Number(ask.query.get('offset') ?? 0);
  const limit = Math.min(100, Number(ask.query.get('limit') ?? 25));
  const created = new Date(ask.now).toISOString();
  return json(200, { created, count: found.length, offset, [key]: found.slice(offset, offset + limit) });
}

function recordingRelations(linked: readonly ReturnType<Entities['recording']>[], work: number): readonly object[] {
  return linked.flatMap((one) => {
    if (one === null || one.recording.work.number !== work) return [];
    const recording = { id: one.mbid, title: one.recording.title };
    return [{ type: 'performance', direction: 'backward', 'target-type': 'recording', recording }];
  });
}

/** The search's links carry no `ended`: dead ones are among them, and only the lookup tells. */
const urlHits = (artist: MbArtist): readonly object[] =>
  artist.links.map(({ type, url }) => ({
    id: urlId(url),
    score: 100,
    resource: url,
    'relation-list': [{ relations: [{ type, direction: 'backward', artist: artistShape(artist) }] }],
  }));
