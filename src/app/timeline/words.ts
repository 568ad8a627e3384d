import { inColour, printable, type Tone } from '#app/terminal.ts';
import type { Timeline, TimelineCall, TimelineEntry } from '#feed/timeline-ports.ts';
import type { OperationRow } from '#projector/operation-row.ts';

const VERDICTS: Readonly<Record<Timeline['diagnosis']['verdict'], Tone>> = {
  complete: 'good',
  degraded: 'warn',
  waiting: 'warn',
  'dead-lettered': 'bad',
  unknown: 'bad',
};

const TONES: Readonly<Record<string, Tone>> = { enriched: 'good', known: 'good', failed: 'bad' };

/** A timeline for people: a line a record, what reading took, and the diagnosis last. */
export function timelineLines(timeline: Timeline, coloured: boolean): readonly string[] {
  const { trackId, name, artists, runs, diagnosis } = timeline;
  const paint = inColour(coloured);
  const open = runs.filter(({ place }) => place !== 'complete');
  return [
    paint('strong', printable([name ?? trackId, artists.join(', ')].filter(Boolean).join(' — '))),
    `${trackId}, ${plural(runs.length, 'run')}${open.length === 0 ? '' : `, ${open.length} not complete`}`,
    '',
    ...inOrder(timeline, paint),
    '',
    paint('quiet', costLine(timeline)),
    paint(VERDICTS[diagnosis.verdict], printable(diagnosis.sentence)),
  ];
}

/** Records, calls and operations by their time, each as the lines that tell it; of one moment, records first. */
function inOrder({ entries, calls, operations }: Timeline, paint: Paint): readonly string[] {
  const told = [
    ...entries.map((entry) => ({ at: entry.at, lines: entryLines(entry, paint) })),
    ...calls.map((call) => ({ at: call.at, lines: [callLine(call, paint)] })),
    ...operations.map((operation) => ({ at: operation.at, lines: [operationLine(operation, paint)] })),
  ];
  return told.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).flatMap(({ lines }) => lines);
}

const callLine = ({ at, provider, kind, key, outcome }: TimelineCall, paint: Paint): string =>
  [
    paint('quiet', at),
    'asked'.padEnd(12),
    outcome.padEnd(12),
    paint('quiet', printable(`${provider} ${kind} ${key}`)),
  ].join('  ');

const operationLine = ({ at, kind, by, target, reason }: OperationRow, paint: Paint): string =>
  [
    paint('quiet', at),
    'done'.padEnd(12),
    kind.padEnd(12),
    paint('quiet', printable(`by ${by} to ${target}${reason === null ? '' : `: ${reason}`}`)),
  ].join('  ');

const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

type Paint = ReturnType<typeof inColour>;

/** One record of a track for people, in one line or two. */
export function entryLines(entry: TimelineEntry, paint: Paint): readonly string[] {
  const { at, topic, partition, offset, lane, message, runId, kind } = entry;
  const status = (entry.status ?? kind).padEnd(12);
  const where = `${topic}/${partition}@${offset}`;
  const line = [
    paint('quiet', at),
    who(entry).padEnd(12),
    paint(TONES[entry.status ?? ''] ?? 'plain', status),
    detail(entry).padEnd(26),
    paint(
      'quiet',
      [where, lane === 'replay' ? 'replay lane' : '', runId === null ? '' : `run ${short(runId)}`]
        .filter(Boolean)
        .join('  '),
    ),
  ];
  return [line.join('  '), ...(message === null ? [] : [`${' '.repeat(26)}${printable(message)}`])];
}

function who({ kind, phase }: TimelineEntry): string {
  if (kind === 'letter') return `✉ ${phase ?? ''}`;
  return phase ?? (kind === 'event' ? 'arrived' : '?');
}

function detail({ code, attempts, letter }: TimelineEntry): string {
  const tried = attempts === null || attempts === 0 ? '' : plural(attempts, 'attempt');
  const told = letter === null ? '' : letterTold(letter);
  return [code, tried, told].filter(Boolean).join(', ');
}

const letterTold = ({ forwarded, state }: NonNullable<TimelineEntry['letter']>): string =>
  `${state}, ${forwarded ? 'event went on' : 'event stopped here'}`;

/** Run ids are hashes: the first characters tell them apart. */
const short = (runId: string): string => (runId.length > 12 ? `${runId.slice(0, 12)}…` : runId);

function costLine({ read, entries }: Timeline): string {
  const { records, partitions, milliseconds, since, whole } = read;
  const from = since === null ? 'from their beginning' : `since ${since}`;
  const line = `${plural(entries.length, 'record')} of this track among ${plural(records, 'record')} in ${partitions} partitions ${from}, ${milliseconds} ms.`;
  return whole ? line : `${line} The bound was reached: later topics were not read (--most N).`;
}
