import { detailOf } from './detail.js';
import { by, coalesced, say } from './dom.js';
import { timelineOf } from './timeline.js';

const panel = by('panel');
const MARK = /^#track=([0-9A-Za-z]{22})$/;

/** The track that is shown, and where the keyboard goes back to. */
let shown = null;
let from = null;
let question = 0;

async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? `${path} answered ${response.status}`);
  return body;
}

/** Reads the shown track and draws it. An answer that a later question has overtaken is dropped. */
async function read() {
  const asked = ++question;
  try {
    const detail = await get(`/v1/tracks/${shown}`);
    if (asked === question) draw(detail);
  } catch (error) {
    if (asked === question) say(by('panel-note'), error.message);
  }
}

function draw(detail) {
  say(by('panel-title'), detail.name ?? detail.trackId);
  say(by('panel-by'), detail.artists.join(', '));
  say(by('panel-note'), '');
  by('panel-body').replaceChildren(...detailOf(detail));
}

/**
 * Shows a track beside the page.
 * @param {string} trackId
 * @param {HTMLElement | null} opener gets the focus back
 */
export function openTrack(trackId, opener) {
  shown = trackId;
  from = opener;
  history.replaceState(null, '', `#track=${trackId}`);
  say(by('panel-title'), trackId);
  say(by('panel-by'), '');
  say(by('panel-note'), 'Reading …');
  by('panel-body').replaceChildren();
  by('panel-timeline').replaceChildren();
  by('panel-why').disabled = false;
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  return read();
}

const reread = coalesced(() => shown !== null && read(), 1000);

/** Something about this track has changed. */
export function trackChanged(trackId) {
  if (trackId === shown) reread();
}

async function why() {
  const asked = shown;
  by('panel-why').disabled = true;
  say(by('panel-timeline'), 'Reading the log …');
  try {
    const timeline = await get(`/v1/tracks/${asked}/timeline`);
    if (asked === shown) by('panel-timeline').replaceChildren(...timelineOf(timeline));
  } catch (error) {
    if (asked === shown) say(by('panel-timeline'), error.message);
  } finally {
    if (asked === shown) by('panel-why').disabled = false;
  }
}

function closed() {
  shown = null;
  question += 1;
  history.replaceState(null, '', location.pathname + location.search);
  from?.focus();
}

/** Listens, and shows the track that the address names. */
export function startPanel() {
  panel.addEventListener('close', closed);
  // The dialog itself is only hit where its content is not: on what it covers.
  panel.addEventListener('click', (event) => event.target === panel && panel.close());
  by('panel-close').addEventListener('click', () => panel.close());
  by('panel-why').addEventListener('click', why);
  const [, named] = MARK.exec(location.hash) ?? [];
  if (named !== undefined) openTrack(named, null);
}
