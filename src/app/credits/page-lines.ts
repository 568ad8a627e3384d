import type { Examined } from '#providers/web-player/examine.ts';
import type { Contributor } from '#track/sections/credits.ts';

const number = (value: number | null): string => (value === null ? 'nothing' : value.toLocaleString('en'));

const personLine = ({ name, artistUri, roles }: Contributor): string =>
  `  ${name}: ${roles.map(({ given }) => given).join(', ')}${artistUri === null ? '' : `  (${artistUri})`}`;

function peopleLines({ credits }: Examined): readonly string[] {
  if (credits === null) return [];
  const { contributors, reading } = credits.people;
  return [
    `credits     ${contributors.length} people, by ${reading === 'json' ? "the page's JSON" : 'its dialog'}`,
    ...contributors.map(personLine),
    `source      ${credits.source.names.join(' · ') || 'not told'}`,
  ];
}

/** What a page told and how, one fact a line. */
export function pageLines(page: Examined, saved: string | null): readonly string[] {
  const { url, ended, failure, readings, queries } = page;
  return [
    `page        ${url}`,
    `ended       ${ended}${failure === null ? '' : `: ${failure.code}, ${failure.message}`}`,
    ...peopleLines(page),
    `streams     ${number(page.playCount)}, and of ${page.albumCounts} other tracks of the album`,
    `JSON alone  people ${number(readings.json.contributors)}, streams ${number(readings.json.playCount)}`,
    `DOM alone   people ${number(readings.dom.contributors)}, streams ${number(readings.dom.playCount)}`,
    ...queries.map(
      ({ operation, status, error }) => `query       ${operation ?? 'unnamed'}: ${status ?? error ?? 'not answered'}`,
    ),
    ...(saved === null ? [] : [`saved       ${saved}`]),
  ];
}
