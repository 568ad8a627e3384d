import { count, make } from './dom.js';
import { lettersOf } from './letters.js';
import { publishersOf, writersOf } from './people.js';
import { FIELDS, linked, sourceName, when } from './values.js';
import { PHASE_NAMES, PHASES, PUBLISHERS, statusOf } from './words.js';

/** A titled part of the panel; none without content. */
export const part = (title, ...content) =>
  content.length === 0 ? [] : [make('section', {}, make('h3', {}, title), ...content)];

const PLACES = {
  complete: ['good', 'complete'],
  in_flight: ['', 'in flight'],
  dead_lettered: ['bad', 'dead-lettered'],
};

const badge = (tone, words) => make('span', { class: `badge ${tone}` }, words);

/** Everything about a track, as the panel shows it. Text is only ever text. */
export function detailOf(detail) {
  return [
    badges(detail),
    ...part('Values', ...valuesOf(detail.summary)),
    ...part('Writers', ...writersOf(detail)),
    ...part('Publishers', ...publishersOf(detail)),
    ...part('Phases', phasesOf(detail)),
    ...part('Conflicts', ...conflictsOf(detail.conflicts, detail.summary)),
    ...part('Dead letters', ...lettersOf(detail.letters)),
    ...part('Seen in', ...playlistsOf(detail)),
    identity(detail),
  ];
}

function badges({ status, degraded, publisherStatus }) {
  const publisher = PUBLISHERS[publisherStatus];
  return make(
    'p',
    { class: 'badges' },
    badge(...(PLACES[status] ?? ['', status])),
    ...(degraded ? [badge('warn', 'degraded')] : []),
    ...(publisher === undefined ? [] : [badge(publisher.tone, publisher.words)]),
  );
}

function valuesOf(summary) {
  const known = FIELDS.filter(([field]) => !isEmpty(summary[field]));
  const lacking = FIELDS.filter(([field]) => isEmpty(summary[field])).map(([, name]) => name);
  const rows = known.map(([field, name, write]) => {
    const { value, source, at } = summary[field];
    const from = make('td', { class: 'source', title: source }, sourceName(source), ' · ', when(at));
    return make('tr', {}, make('th', { scope: 'row' }, name), make('td', { class: 'value' }, write(value)), from);
  });
  const table = make('table', { class: 'values' }, make('tbody', {}, ...rows));
  const unknown = make('p', { class: 'quiet' }, `Not known: ${lacking.join(', ')}.`);
  return [...(rows.length > 0 ? [table] : []), ...(lacking.length > 0 ? [unknown] : [])];
}

const isEmpty = (resolved) =>
  resolved === null || resolved === undefined || (Array.isArray(resolved.value) && resolved.value.length === 0);

function phasesOf({ reports }) {
  const rows = PHASES.map((phase) => {
    const report = reports[phase];
    const { sign, tone, words } = statusOf(report?.status ?? null);
    return make(
      'tr',
      {},
      make('th', { scope: 'row' }, PHASE_NAMES[phase]),
      make('td', {}, make('span', { class: `sign ${tone}`, 'aria-hidden': 'true' }, sign), ` ${words}`),
      make('td', { class: 'code' }, report?.code ?? ''),
      make('td', { class: 'quiet' }, attemptsOf(report)),
      make('td', { class: 'source' }, ...(report === null ? [] : [when(report.at, { time: true })])),
    );
  });
  return make('table', { class: 'reports' }, make('tbody', {}, ...rows));
}

function attemptsOf(report) {
  if (report === null || report.attempts === 0) return '';
  return report.attempts === 1 ? '1 attempt' : `${count(report.attempts)} attempts`;
}

/** Parts that do not answer for the track, and what sources say otherwise than the value that was taken. */
function conflictsOf(conflicts, { disagreements = [] }) {
  const items = [
    ...conflicts.map(
      ({ phase, part: name, askedBy, key }) =>
        `${PHASE_NAMES[phase]} ${name} was asked by ${askedBy}, but the track is ${key}. It is not used.`,
    ),
    ...disagreements.map(({ field, value, source }) => {
      const name = FIELDS.find(([one]) => one === field)?.[1] ?? field;
      return `${name}: ${sourceName(source)} says “${value}”.`;
    }),
  ];
  return items.length === 0 ? [] : [make('ul', { class: 'plain' }, ...items.map((text) => make('li', {}, text)))];
}

function playlistsOf({ playlists, runs }) {
  const items = playlists.map(({ playlistId, name, positions, current }) => {
    const at = positions.map((position) => position + 1).join(', ');
    const where = make('span', { class: 'quiet' }, ` at ${at}${current ? '' : ', in an earlier snapshot'}`);
    return make('li', {}, name ?? playlistId, where);
  });
  const open = runs.filter(({ place }) => place !== 'complete');
  const many = runs.length === 1 ? '1 run' : `${count(runs.length)} runs`;
  const told = `${many}${open.length === 0 ? '' : `, ${count(open.length)} not complete`}.`;
  return [
    ...(items.length > 0 ? [make('ul', { class: 'plain' }, ...items)] : []),
    ...(runs.length > 0 ? [make('p', { class: 'quiet' }, told)] : []),
  ];
}

function identity({ trackId, firstSeenAt, completeAt }) {
  const complete = completeAt === null ? [] : [', complete ', when(completeAt, { time: true })];
  const link = linked(`https://open.spotify.com/track/${trackId}`, trackId);
  return make('p', { class: 'quiet identity' }, link, ', first seen ', when(firstSeenAt, { time: true }), ...complete);
}
