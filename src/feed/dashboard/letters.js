import { make } from './dom.js';
import { when } from './values.js';
import { PHASE_NAMES } from './words.js';

const STATES = {
  open: ['bad', 'open'],
  redriven: ['warn', 'redriven'],
  resolved: ['', 'resolved'],
  superseded: ['', 'superseded'],
  withdrawn: ['', 'withdrawn'],
};

/** Dead letters of a track, the last failed first. */
export function lettersOf(letters) {
  if (letters.length === 0) return [];
  const newest = [...letters].sort((a, b) => (a.lastFailedAt < b.lastFailedAt ? 1 : -1));
  return [make('ul', { class: 'letters' }, ...newest.map(letter))];
}

function letter({
  phase,
  code,
  message,
  state,
  stateBy,
  stateAt,
  stateReason,
  attempts,
  lastFailedAt,
  forwarded,
  topic,
  partition,
  offset,
  letterId,
}) {
  const [tone, words] = STATES[state] ?? ['', state];
  const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const went = forwarded ? 'the event went on' : 'the event stopped here';
  const head = make(
    'p',
    {},
    make('strong', {}, `${PHASE_NAMES[phase] ?? phase}: ${code}`),
    ' ',
    make('span', { class: `badge ${tone}` }, words),
  );
  const facts = make('p', { class: 'quiet' }, `${tried}, last `, when(lastFailedAt, { time: true }), `; ${went}.`);
  const done = typeof stateBy !== 'string' ? [] : [doneTo({ stateBy, stateAt, stateReason })];
  const place = make('p', { class: 'quiet code', title: letterId }, `${topic}/${partition}@${offset}`);
  return make('li', {}, head, make('p', { class: 'message' }, message), facts, ...done, place);
}

/** Who redrove or resolved it last, when and why. */
const doneTo = ({ stateBy, stateAt, stateReason }) =>
  make(
    'p',
    { class: 'quiet' },
    `by ${stateBy}, `,
    when(stateAt, { time: true }),
    stateReason === null ? '.' : `: ${stateReason}`,
  );
