import type { z } from 'zod';
import { list, maybe, record, symbols, text, whole } from '../shapes.ts';
import { part } from './part.ts';

/** What a credited role amounts to, whatever the page calls it. */
export const creditRole = symbols('CreditRole', 'The normalised role.', [
  'writer',
  'composer',
  'lyricist',
  'producer',
  'performer',
  'engineer',
  'other',
]);

export const contributor = record('Contributor', 'One person or act, once, with all roles.', {
  name: text('Name exactly as given; one element of the page is one person.'),
  artistUri: maybe(text('spotify:artist:… when the page links one.')),
  roles: list(
    record('ContributorRole', 'One role of a contributor.', {
      given: text('The role as the page words it.'),
      group: maybe(text('The group under which the page lists it.')),
      role: creditRole,
    }),
    'Every role of this contributor.',
  ),
});

export const creditsPeople = part(
  'CreditsPeople',
  'Who is credited.',
  record('CreditsPeopleFacts', 'Contributors in the order of the page.', {
    contributors: list(contributor, 'Contributors.'),
    reading: symbols('CreditsReading', "Whether the page's own JSON or its DOM was read.", ['json', 'dom']),
  }),
);

export const creditsSource = part(
  'CreditsSource',
  'Who delivered the credits: the label source.',
  record('CreditsSourceFacts', 'Names after "Source".', { names: list(text('Name as given.'), 'Sources.') }),
);

export const creditsStreams = part(
  'CreditsStreams',
  'The stream count of the page, a moving value.',
  record('CreditsStreamsFacts', 'Stream count.', { playCount: whole('All-time streams shown by the page.') }),
);

export const creditsBaseline = part(
  'CreditsBaseline',
  'An earlier stream count of the page, by which the newest is judged: at least a day older than it.',
  record('CreditsBaselineFacts', 'Earlier stream count.', {
    playCount: whole('All-time streams the page showed then.'),
  }),
);

export const creditsSection = record('CreditsSection', 'What the credits phase knows.', {
  people: maybe(creditsPeople, 'Contributors.'),
  source: maybe(creditsSource, 'Label source.'),
  streams: maybe(creditsStreams, 'Stream count.'),
  baseline: maybe(creditsBaseline, 'An earlier stream count.'),
});

export type Contributor = z.infer<typeof contributor>;
export type CreditRole = z.infer<typeof creditRole>;
export type CreditsSection = z.infer<typeof creditsSection>;
