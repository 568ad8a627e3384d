import { arrange, by, count, make, say } from './dom.js';

const SHOWN = 12;
const PARTS = ['complete', 'degraded', 'dead_lettered', 'in_flight'];

/** Runs by id, the latest begun first. */
const runs = new Map();
const cards = new Map();

/** The feed tells of a cancellation by itself; a change of the run leaves it as it was told. */
export const keepRun = (run) => runs.set(run.runId, { ...runs.get(run.runId), ...run });

/** @returns whether the run is known here; else it has to be read */
export function keepCancelled({ runId, ...cancelled }) {
  const run = runs.get(runId);
  if (run !== undefined) runs.set(runId, { ...run, cancelled });
  return run !== undefined;
}

let onCancel = () => undefined;

/** Says who is asked when somebody wants to cancel a run. */
export const onCancelRun = (ask) => {
  onCancel = ask;
};

const newest = () => [...runs.values()].sort((a, b) => (a.firstAt < b.firstAt ? 1 : -1)).slice(0, SHOWN);

export const nameOf = (run) => run.playlistName ?? run.playlistId ?? run.runId;

/** The shares of a run's bar. Degraded tracks that are not complete yet are still in flight. */
function partsOf(run) {
  const degraded = Math.min(run.degraded, run.complete);
  return { complete: run.complete - degraded, degraded, dead_lettered: run.deadLettered, in_flight: run.inFlight };
}

function cardOf(run) {
  const known = cards.get(run.runId);
  if (known !== undefined) return known;
  const name = make('span');
  const share = make('span', { class: 'share' });
  const parts = Object.fromEntries(PARTS.map((part) => [part, make('span', { class: part })]));
  const bar = make('div', { class: 'progress', role: 'progressbar', 'aria-valuemin': '0' }, ...Object.values(parts));
  const words = make('p');
  const cancel = make('button', { type: 'button', class: 'cancel' });
  say(cancel, 'Cancel run');
  cancel.addEventListener('click', () => onCancel(run.runId));
  const card = {
    name,
    share,
    parts,
    bar,
    words,
    cancel,
    element: make('li', { class: 'run' }, make('h3', {}, name, share), bar, words, cancel),
  };
  cards.set(run.runId, card);
  return card;
}

function fill(card, run) {
  const total = Math.max(run.total ?? 0, run.accepted, 1);
  const ended = run.complete + run.deadLettered;
  say(card.name, nameOf(run));
  card.cancel.hidden = run.finished || run.cancelled != null;
  say(
    card.share,
    run.finished
      ? 'finished'
      : `${count(ended)} of ${run.total === null ? `${count(run.accepted)}, open` : count(total)}`,
  );
  card.bar.setAttribute('aria-label', nameOf(run));
  card.bar.setAttribute('aria-valuemax', String(total));
  card.bar.setAttribute('aria-valuenow', String(ended));
  for (const [part, tracks] of Object.entries(partsOf(run)))
    card.parts[part].style.setProperty('width', `${(100 * tracks) / total}%`);
  say(card.words, inWords(run));
}

function inWords(run) {
  const words = [
    [run.complete, 'complete'],
    [run.degraded, 'degraded'],
    [run.deadLettered, 'dead-lettered'],
    [run.inFlight, 'in flight'],
  ];
  const told = words.filter(([tracks], index) => index === 0 || tracks > 0);
  const counts = told.map(([tracks, word]) => `${count(tracks)} ${word}`).join(' · ');
  if (run.cancelled == null) return counts;
  return `${counts} · cancelled by ${run.cancelled.by}: ${run.cancelled.reason ?? ''}`;
}

/** Draws the newest runs, and offers them in the filter. */
export function drawRuns() {
  const shown = newest();
  for (const run of shown) fill(cardOf(run), run);
  arrange(
    by('runs'),
    shown.map((run) => cardOf(run).element),
  );
  by('runs-empty').hidden = shown.length > 0;
  offer(shown);
}

const options = new Map();

function offer(shown) {
  const select = document.querySelector('select[name=run]');
  for (const run of shown) {
    const option = options.get(run.runId) ?? make('option', { value: run.runId });
    options.set(run.runId, option);
    say(option, nameOf(run));
  }
  arrange(select, [select.options[0], ...shown.map(({ runId }) => options.get(runId))]);
}
