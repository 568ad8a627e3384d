import { make } from './dom.js';
import { when } from './values.js';
import { PHASE_NAMES, statusOf } from './words.js';

const TONES = { complete: 'good', degraded: 'warn', waiting: 'warn', 'dead-lettered': 'bad', unknown: 'bad' };

/** What happened to a track, in order, after the sentence that says why it is where it is. */
export function timelineOf({ diagnosis, entries, read }) {
  const cost = `${entries.length} of ${read.records} records in ${read.partitions} partitions, read in ${read.milliseconds} ms${
    read.whole ? '' : '; the bound was reached, so later topics are missing'
  }.`;
  return [
    make('p', { class: `diagnosis ${TONES[diagnosis.verdict] ?? ''}` }, diagnosis.sentence),
    make('ol', { class: 'timeline' }, ...entries.map(entry)),
    make('p', { class: 'quiet' }, cost),
  ];
}

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
