import { make } from './dom.js';
import { when } from './values.js';
import { PHASE_NAMES, statusOf } from './words.js';

const TONES = { complete: 'good', degraded: 'warn', waiting: 'warn', 'dead-lettered': 'bad', unknown: 'bad' };

/** What happened to a track, in order, after the sentence that says why it is where it is. */
export function timelineOf({ diagnosis, entries, calls, operations, read }) {
  const cost = `${entries.length} of ${read.records} records in ${read.partitions} partitions, read in ${read.milliseconds} ms${
    read.whole ? '' : '; the bound was reached, so later topics are missing'
  }.`;
  return [
    make('p', { class: `diagnosis ${TONES[diagnosis.verdict] ?? ''}` }, diagnosis.sentence),
    make('ol', { class: 'timeline' }, ...inOrder(entries, calls, operations)),
    make('p', { class: 'quiet' }, cost),
  ];
}

/** Records, calls and operations by their time. */
const inOrder = (entries, calls, operations) =>
  [
    ...entries.map((one) => ({ at: one.at, item: () => entry(one) })),
    ...calls.map((one) => ({ at: one.at, item: () => call(one) })),
    ...operations.map((one) => ({ at: one.at, item: () => operation(one) })),
  ]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ item }) => item());

const call = ({ at, provider, kind, key, outcome }) =>
  beside('?', `${provider} asked: ${outcome}`, null, at, `${kind} ${key}`);

const operation = ({ at, kind, by, target, reason }) => beside('✎', `${kind} by ${by}`, reason, at, target);

/** What happened elsewhere than on a topic. */
const beside = (sign, said, message, at, what) =>
  make(
    'li',
    {},
    make('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    make(
      'div',
      {},
      make('p', {}, said),
      ...(message === null ? [] : [make('p', { class: 'message' }, message)]),
      make('p', { class: 'quiet' }, when(at, { time: true }), ' ', make('span', { class: 'code' }, what)),
    ),
  );

function entry({ at, kind, phase, status, code, message, topic, partition, offset, lane }) {
  const { sign, tone, words } = kind === 'event' && phase === null ? ARRIVED : statusOf(status);
  const who = phase === null ? 'Arrived' : (PHASE_NAMES[phase] ?? phase);
  const said = [kind === 'letter' ? 'dead letter' : words, code, lane === 'replay' ? 'replay lane' : null];
  return make(
    'li',
    {},
    make('span', { class: `sign ${tone}`, 'aria-hidden': 'true' }, sign),
    make(
      'div',
      {},
      make('p', {}, make('strong', {}, who), ` ${said.filter(Boolean).join(', ')}`),
      ...(message === null ? [] : [make('p', { class: 'message' }, message)]),
      make(
        'p',
        { class: 'quiet' },
        when(at, { time: true }),
        ' ',
        make('span', { class: 'code' }, `${topic}/${partition}@${offset}`),
      ),
    ),
  );
}

const ARRIVED = { sign: '→', tone: '', words: '' };
