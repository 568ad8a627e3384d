import { make } from './dom.js';
import { linked } from './values.js';
import { PUBLISHERS } from './words.js';

const MATCHES = {
  work_relation: 'credited on the work',
  ipi: 'same IPI',
  name_and_recording: 'same name on this recording',
  name: 'same name only',
};

const quiet = (text) => make('span', { class: 'quiet' }, text);

const chip = (status) => {
  const known = PUBLISHERS[status];
  return known === undefined ? [] : [make('span', { class: `badge ${known.tone}` }, known.words)];
};

/** Writers of the credits, with links and publisher status where there are any. */
export function writersOf({ summary, sections }) {
  const linkedWriters = sections.links?.writers?.value.writers ?? [];
  const statuses = sections.publishing?.status?.value.writers ?? [];
  const names = [...new Set([...linkedWriters.map(({ name }) => name), ...(summary.writers?.value ?? [])])];
  if (names.length === 0) return [];
  const people = names.map((name) => {
    const found = linkedWriters.find((writer) => writer.name === name) ?? null;
    return writer(name, found, statuses.find((one) => one.name === name)?.status ?? null);
  });
  return [make('ul', { class: 'people' }, ...people)];
}

function writer(name, found, status) {
  const links = found?.links ?? [];
  const how = found === null ? [] : [quiet(MATCHES[found.matchedBy] ?? found.matchedBy)];
  const ipi = found?.ipi ? [quiet(`IPI ${found.ipi}`)] : [];
  const head = make('p', {}, make('strong', {}, name), ...chip(status), ...how, ...ipi);
  if (links.length === 0) return make('li', {}, head);
  const anchors = links.map(({ kind, url }) => make('li', {}, linked(url, kind)));
  return make('li', {}, head, make('ul', { class: 'links', 'aria-label': `Links of ${name}` }, ...anchors));
}

/** The registered work with its publishers and shares, and what the publisher status was read from. */
export function publishersOf({ sections }) {
  const work = sections.publishing?.work?.value ?? null;
  const status = sections.publishing?.status?.value ?? null;
  const publishers = work?.publishers ?? [];
  const title = work === null ? [] : [make('p', { class: 'quiet' }, workWords(work))];
  const evidence = (status?.evidence ?? []).map((sentence) => make('li', {}, sentence));
  return [
    ...(publishers.length > 0 ? [make('ul', { class: 'people' }, ...publishers.map(publisher))] : []),
    ...title,
    ...(evidence.length > 0 ? [make('ul', { class: 'plain quiet' }, ...evidence)] : []),
  ];
}

function workWords({ title, iswc, songCode }) {
  return [`Work “${title}”`, `MLC ${songCode}`, iswc === null ? null : `ISWC ${iswc}`].filter(Boolean).join(', ');
}

function publisher({ name, share, administrators, parents, ipi }) {
  const part = share === null ? [] : [make('span', { class: 'share' }, `${share} %`)];
  const others = [
    ...administrators.map((one) => `administered by ${one.name}`),
    ...parents.map((one) => `part of ${one.name}`),
    ...(ipi === null ? [] : [`IPI ${ipi}`]),
  ];
  return make('li', {}, make('p', {}, make('strong', {}, name), ...part, ...others.map(quiet)));
}
