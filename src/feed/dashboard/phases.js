import { arrange, by, count, make, say } from './dom.js';
import { PHASE_NAMES, PHASES } from './words.js';

const RATE_WINDOW_MS = 15_000;
const MODES = { real: ['', 'real'], sandbox: ['warn', 'sandbox'], off: ['', 'off'] };

/** Columns after the name and the kind of data. */
const COLUMNS = {
  in: (counts) => counts.arrived ?? 0,
  waiting: (counts) => Math.max(0, (counts.arrived ?? 0) - ended(counts)),
  enriched: (counts) => counts.enriched ?? 0,
  known: (counts) => counts.known ?? 0,
  not_found: (counts) => counts.not_found ?? 0,
  not_asked: (counts) =>
    ['not_yet', 'off', 'restricted', 'not_offered'].reduce((sum, status) => sum + (counts[status] ?? 0), 0),
  failed: (counts) => counts.failed ?? 0,
};

const ended = (counts) =>
  Object.entries(counts).reduce((sum, [status, tracks]) => (status === 'arrived' ? sum : sum + tracks), 0);

/** What was ended when, to tell how quick each phase is now. */
const history = [];

export function keepStatus(status) {
  const at = performance.now();
  history.push({ at, phases: status.phases });
  while (history.length > 2 && at - history[0].at > RATE_WINDOW_MS) history.shift();
}

function perMinute(phase) {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last.at - first.at < 1000) return 0;
  const done = ended(last.phases[phase] ?? {}) - ended(first.phases[phase] ?? {});
  return Math.max(0, Math.round((done * 60_000) / (last.at - first.at)));
}

const rows = new Map();

function rowOf(phase) {
  const known = rows.get(phase);
  if (known !== undefined) return known;
  const mode = make('span', { class: 'badge' });
  const cells = Object.fromEntries(
    [...Object.keys(COLUMNS), 'rate'].map((column) => [column, make('td', { class: `number ${column}` })]),
  );
  const head = make('th', { scope: 'row' }, PHASE_NAMES[phase]);
  const row = { mode, cells, element: make('tr', {}, head, make('td', {}, mode), ...Object.values(cells)) };
  rows.set(phase, row);
  return row;
}

function fill(cell, tracks) {
  say(cell, count(tracks));
  cell.classList.toggle('zero', tracks === 0);
}

/** Draws the table of phases. */
export function drawPhases(status) {
  for (const phase of PHASES) {
    const { mode, cells } = rowOf(phase);
    const counts = status.phases[phase] ?? {};
    const [tone, words] = MODES[status.providers[phase]] ?? MODES.off;
    mode.className = `badge ${tone}`;
    const stands = status.stages.find(({ stage }) => stage === phase);
    say(mode, stands === undefined ? words : `${words}, ${stands.state}`);
    mode.title = stands === undefined ? '' : `${stands.state} since ${stands.since}: ${stands.reason}`;
    mode.classList.toggle('bad', stands !== undefined);
    for (const [column, read] of Object.entries(COLUMNS)) fill(cells[column], read(counts));
    fill(cells.rate, perMinute(phase));
  }
  arrange(
    by('phases'),
    PHASES.map((phase) => rowOf(phase).element),
  );
}
