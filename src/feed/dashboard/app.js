import { follow } from './connection.js';
import { by, coalesced, count, say } from './dom.js';
import { openTrack, startPanel, trackChanged } from './panel.js';
import { drawPhases, keepStatus } from './phases.js';
import { drawRuns, keepCancelled, keepRun, onCancelRun } from './runs.js';
import { drawLegend, drawTracks, isShown, keepList, keepTrack, onTrack, shown } from './tracks.js';
import { PHASE_NAMES } from './words.js';

const PAGE = 100;
const STATUS_EVERY_MS = 2000;
const WORDS = { connecting: 'connecting', live: 'live', away: 'connection lost, trying again' };

const filters = by('filters');
let status = null;
let next = null;

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

const draw = coalesced(() => {
  if (status !== null) drawStatus();
  drawRuns();
  drawTracks(filterQuery().size > 0);
  by('more').hidden = next === null;
});

function drawStatus() {
  const { tracks, sandbox, providers } = status;
  const all = tracks.complete + tracks.in_flight + tracks.dead_lettered;
  for (const [name, tracksIn] of Object.entries({ all, ...tracks })) say(by(`total-${name}`), count(tracksIn));
  by('sandbox').hidden = !sandbox;
  const made = Object.keys(providers).filter((phase) => providers[phase] === 'sandbox');
  const whose =
    made.length === Object.keys(providers).length
      ? 'Every phase is'
      : `${made.map((phase) => PHASE_NAMES[phase]).join(', ')}:`;
  say(by('sandbox-text'), `${whose} answered by the built-in stand-ins. These facts are made up.`);
  drawPhases(status);
}

async function readStatus() {
  status = await get('/v1/status');
  keepStatus(status);
  draw();
  return status;
}

async function readRuns() {
  const { items } = await get('/v1/runs?limit=20');
  items.forEach(keepRun);
  draw();
}

/** Asks why, and cancels the run. */
async function cancelRun(runId) {
  const reason = window.prompt('Why is this run cancelled? Its tracks go on, and nobody is asked for them any more.');
  if (reason === null || reason.trim() === '') return;
  const response = await fetch(`/v1/runs/${encodeURIComponent(runId)}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason, by: 'page' }),
  });
  if (response.ok) keepRun(await response.json());
  draw();
}

function filterQuery() {
  const given = [...new FormData(filters)].filter(([, value]) => value !== '');
  return new URLSearchParams(given);
}

let reading = 0;

/** Reads as much of the list as is shown, or its next page. An answer that a later question has overtaken is dropped. */
async function readTracks(append = false) {
  const question = ++reading;
  const query = filterQuery();
  query.set('limit', String(append ? PAGE : Math.min(500, Math.max(PAGE, shown()))));
  if (append && next !== null) query.set('cursor', next);
  const page = await get(`/v1/tracks?${query}`);
  if (question !== reading) return;
  keepList(page.items, append);
  next = page.next;
  draw();
}

/** What could not be read is read again with the next change or after the next connect. */
const quietly = (read) => () => read().catch(() => undefined);

const rereadTracks = coalesced(quietly(readTracks), 1000);

const RECEIVE = {
  track(track) {
    trackChanged(track.trackId);
    if (isShown(track.trackId)) keepTrack(track);
    // A new track, or with filters one whose place in the list may have changed: the server knows.
    if (!isShown(track.trackId) || filterQuery().size > 0) rereadTracks();
  },
  run: keepRun,
  cancelled: (run) => keepCancelled(run) || quietly(readRuns)(),
  playlist: () => undefined,
  letter: ({ trackId }) => trackChanged(trackId),
  withdrawn({ trackId }) {
    trackChanged(trackId);
    if (isShown(trackId)) rereadTracks();
  },
};

function connection(state) {
  const place = by('connection');
  place.dataset.state = state;
  say(place, WORDS[state]);
}

async function readAll() {
  const { cursor } = await readStatus();
  await Promise.all([readRuns(), readTracks()]);
  return cursor;
}

async function start() {
  drawLegend();
  onTrack(openTrack);
  onCancelRun((runId) => quietly(() => cancelRun(runId))());
  startPanel();
  let typing;
  filters.addEventListener('submit', (event) => event.preventDefault());
  filters.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(quietly(readTracks), 200);
  });
  by('more').addEventListener('click', () => quietly(() => readTracks(true))());
  setInterval(() => document.hidden || quietly(readStatus)(), STATUS_EVERY_MS);
  const cursor = await firstReading();
  follow(cursor, {
    message({ type, data }) {
      RECEIVE[type]?.(data);
      draw();
    },
    state: connection,
    reset: quietly(readAll),
  });
}

async function firstReading() {
  for (;;) {
    try {
      return await readAll();
    } catch {
      connection('away');
      await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS));
    }
  }
}

await start();
