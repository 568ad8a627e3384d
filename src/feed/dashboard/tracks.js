import { arrange, by, count, make, say } from './dom.js';
import { PHASES, PUBLISHERS, STATUSES, statusOf, WAITING } from './words.js';

/** The tracks of the list, in its order, and their rows. */
let order = [];
const tracks = new Map();
const rows = new Map();
const changed = new Set();

export const isShown = (trackId) => tracks.has(trackId);

/** A newer state of a track that is in the list. */
export function keepTrack(track) {
  tracks.set(track.trackId, track);
  changed.add(track.trackId);
}

/** The list as it was read anew, or its next page. */
export function keepList(items, append) {
  if (!append) {
    order = [];
    tracks.clear();
  }
  for (const item of items) {
    if (!tracks.has(item.trackId)) order.push(item.trackId);
    keepTrack(item);
  }
}

export const shown = () => order.length;

function signOf({ sign, tone, words }) {
  const said = make('span', { class: 'hidden' }, words);
  return make('span', { class: `sign ${tone}`, title: words }, sign, said);
}

function rowOf(trackId) {
  const known = rows.get(trackId);
  if (known !== undefined) return known;
  const cells = {
    name: make('button', { type: 'button', class: 'open', 'aria-haspopup': 'dialog' }),
    by: make('span', { class: 'by' }),
    publisherStatus: make('td'),
    writers: make('td'),
    label: make('td'),
    released: make('td'),
    isrc: make('td', { class: 'isrc' }),
    streams: make('td', { class: 'number' }),
  };
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, make('td', { class: 'phase' })]));
  const { name, by: artists, ...rest } = cells;
  const head = make('th', { scope: 'row' }, name, artists);
  const row = {
    cells,
    phases,
    element: make('tr', { 'data-track': trackId }, head, ...Object.values(phases), ...Object.values(rest)),
  };
  rows.set(trackId, row);
  return row;
}

function put(cell, text) {
  say(cell, text ?? '');
  cell.title = text ?? '';
}

function fill({ cells, phases }, track) {
  put(cells.name, track.name ?? track.trackId);
  put(cells.by, track.artists.join(', ') || ' ');
  for (const phase of PHASES) phases[phase].replaceChildren(signOf(statusOf(track.phases[phase])));
  cells.publisherStatus.replaceChildren(...publisherBadge(track.publisherStatus));
  put(cells.writers, track.writers.join(', '));
  put(cells.label, track.label);
  put(cells.released, track.releaseDate);
  put(cells.isrc, track.isrc);
  put(cells.streams, track.streams === null ? '' : count(track.streams));
}

function publisherBadge(status) {
  if (status === null) return [];
  const { tone, words } = PUBLISHERS[status] ?? { tone: '', words: status };
  return [make('span', { class: `badge ${tone}` }, words)];
}

/** Tells which track was asked for: by its button, or with the mouse anywhere in its row. */
export function onTrack(open) {
  by('track-rows').addEventListener('click', ({ target }) => {
    const row = target.closest('tr');
    if (row !== null && getSelection()?.toString() === '') open(row.dataset.track, row.querySelector('button'));
  });
}

/** Draws what changed. */
export function drawTracks(filtered) {
  for (const trackId of changed) {
    const track = tracks.get(trackId);
    if (track !== undefined) fill(rowOf(trackId), track);
  }
  changed.clear();
  arrange(
    by('track-rows'),
    order.map((trackId) => rowOf(trackId).element),
  );
  for (const trackId of rows.keys()) if (!tracks.has(trackId)) rows.delete(trackId);
  const empty = by('tracks-empty');
  empty.hidden = order.length > 0;
  say(empty, filtered ? 'No track fits these filters.' : 'No track yet.');
}

/** Says what the signs mean. */
export function drawLegend() {
  const entries = [...Object.values(STATUSES), WAITING].map((status) => {
    const sign = make('span', { class: `sign ${status.tone}`, 'aria-hidden': 'true' }, status.sign);
    return make('div', {}, make('dt', {}, sign), make('dd', {}, status.words));
  });
  by('legend').replaceChildren(...entries);
}
