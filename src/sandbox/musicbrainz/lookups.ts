import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Ask, json, type Reply, type Route } from '../http/route.ts';
import type { Entities, MbRecording } from './entities.ts';
import {
  artistShape,
  type MbArtist,
  mbArtist,
  performance,
  recordingShape,
  workShape,
  writerRelations,
} from './shapes.ts';
import { urlId } from './url-id.ts';

const included = ({ query }: Ask): ReadonlySet<string> => new Set((query.get('inc') ?? '').split(/[ +]/));

const none: Reply = json(404, {
  error: 'Not Found',
  help: 'For usage, please see: https://musicbrainz.org/development/mmd',
});
const invalid = (error: string): Reply => json(400, { error });

/** The lookups by key: an ISRC's recordings, a recording, an artist, up to 100 addresses. */
export function lookups(catalogue: Catalogue, entities: Entities): readonly Route[] {
  const recording = (ask: Ask): Reply => {
    const found = entities.recording(ask.params['mbid'] ?? '');
    if (found === null) return none;
    return json(200, recordingShape(found.mbid, found.recording, relations(catalogue, found, included(ask))));
  };
  const artist = (ask: Ask): Reply => {
    const found = mbArtist(catalogue, ask.params['mbid'] ?? '');
    if (found === null) return none;
    const withLinks = included(ask).has('url-rels') ? { relations: linkRelations(found) } : {};
    return json(200, { ...artistShape(found), ipis: found.ipis, isnis: [], country: null, ...withLinks });
  };
  const mbid = ({ params }: Ask): readonly string[] => [params['mbid'] ?? ''];
  return [
    {
      method: 'GET',
      path: '/ws/2/isrc/:isrc',
      endpoint: 'isrc',
      ids: ({ params }) => [params['isrc'] ?? ''],
      answer: isrc(catalogue, entities),
    },
    { method: 'GET', path: '/ws/2/recording/:mbid', endpoint: 'recording', ids: mbid, answer: recording },
    { method: 'GET', path: '/ws/2/artist/:mbid', endpoint: 'artist', ids: mbid, answer: artist },
  ];
}

/** The lookup of addresses: unknown ones are missing from the answer, more than 100 are dropped, one unknown alone is 404. */
export function urlLookup(entities: Entities): (ask: Ask) => Reply {
  return (ask) => {
    const asked = ask.query.getAll('resource');
    const found = asked.slice(0, 100).flatMap((resource) => {
      const { artists, recordings } = relationsOf(entities, resource);
      if (artists.length + recordings.length === 0) return [];
      const inc = included(ask);
      const relations = [...(inc.has('artist-rels') ? artists : []), ...(inc.has('recording-rels') ? recordings : [])];
      return [{ id: urlId(resource), resource, relations }];
    });
    if (asked.length === 1) return found[0] === undefined ? none : json(200, found[0]);
    return json(200, { 'url-count': found.length, 'url-offset': 0, urls: found });
  };
}

/** What an address is related to: the artists whose link it is, and the recording that can be heard there. */
function relationsOf(entities: Entities, resource: string) {
  const linked = entities.recordingLinked(resource);
  return {
    artists: entities.linked(resource).map(({ artist, type, ended }) => ({
      ...relation(type, ended, 'backward'),
      'target-type': 'artist',
      artist: artistShape(artist),
    })),
    recordings:
      linked === null
        ? []
        : [
            {
              ...relation('free streaming', false, 'backward'),
              'target-type': 'recording',
              recording: { id: linked.mbid, title: linked.recording.title },
            },
          ],
  };
}

function isrc(catalogue: Catalogue, entities: Entities): (ask: Ask) => Reply {
  return (ask) => {
    const code = ask.params['isrc'] ?? '';
    const inc = included(ask);
    if (!/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code)) return invalid('Invalid isrc.');
    if (inc.has('work-level-rels'))
      return invalid('work-level-rels is not a valid inc parameter for the isrc resource.');
    const found = entities.recordingsOf(code);
    if (found.length === 0) return none;
    const recordings = found.map((one) => recordingShape(one.mbid, one.recording, relations(catalogue, one, inc)));
    return json(200, { isrc: code, recordings });
  };
}

function relations(catalogue: Catalogue, { recording, linked }: MbRecording, inc: ReadonlySet<string>): object {
  if (!inc.has('work-rels')) return {};
  const writers =
    inc.has('work-level-rels') && inc.has('artist-rels')
      ? { relations: writerRelations(catalogue, recording.work) }
      : {};
  return { relations: linked ? [performance({ ...workShape(recording.work), ...writers })] : [] };
}

const relation = (type: string, ended: boolean, direction: string): object => ({
  type,
  direction,
  ended,
  attributes: [],
});

const linkRelations = (artist: MbArtist): readonly object[] =>
  artist.links.map(({ type, url, ended }) => ({
    ...relation(type, ended, 'forward'),
    'target-type': 'url',
    url: { id: urlId(url), resource: url },
  }));
