import type { z } from 'zod';
import { list, maybe, record, symbols, text } from '../shapes.ts';
import { part } from './part.ts';

export const linkedWork = record('LinkedWork', 'A work of the recording at MusicBrainz.', {
  mbid: text('MusicBrainz work id.'),
  title: text('Title.'),
  iswcs: list(text('ISWC as given.'), 'ISWCs.'),
  writers: list(
    record('LinkedWorkWriter', 'A writer of the work.', {
      mbid: text('MusicBrainz artist id.'),
      name: text('Name as given.'),
      role: text('Relation type: composer, lyricist, writer.'),
    }),
    'Writers.',
  ),
});

export const linksRecording = part(
  'LinksRecording',
  'The recording at MusicBrainz, with its works.',
  record('LinksRecordingFacts', 'Recording and works.', {
    mbids: list(text('MusicBrainz recording id.'), 'Recordings that carry the ISRC; the first is the best match.'),
    title: maybe(text('Title of the best match.')),
    works: list(linkedWork, 'Works of these recordings.'),
    isrcs: list(
      text('ISRC, 12 characters.'),
      'ISRCs of these recordings, where they were found by the Spotify link of the track and not by an ISRC.',
    ),
  }),
);

/** How a writer was told from namesakes, surest first. `name` alone is a candidate and never carries links. */
export const matchedBy = symbols('MatchedBy', 'How the writer was identified.', [
  'work_relation',
  'ipi',
  'name_and_recording',
  'name',
]);

export const linkedWriter = record('LinkedWriter', 'A writer with links.', {
  name: text('Name as credited.'),
  mbid: maybe(text('MusicBrainz artist id.')),
  ipi: maybe(text('IPI name number that matched.')),
  matchedBy,
  links: list(
    record('WriterLink', 'A link that has not ended.', {
      kind: text(
        'instagram, x, tiktok, facebook, youtube, soundcloud, bandcamp, website, wikipedia, wikidata, discogs, …',
      ),
      url: text('The link.'),
    }),
    'Links.',
  ),
});

export const linksWriters = part(
  'LinksWriters',
  'Up to three writers of the track with their links.',
  record('LinksWritersFacts', 'Writers.', { writers: list(linkedWriter, 'In the order of the credits.') }),
);

export const linksSection = record('LinksSection', 'What the links phase knows.', {
  recording: maybe(linksRecording, 'Recording and works.'),
  writers: maybe(linksWriters, 'Writers with links.'),
});

export type LinkedWork = z.infer<typeof linkedWork>;
export type LinkedWriter = z.infer<typeof linkedWriter>;
export type LinksSection = z.infer<typeof linksSection>;
