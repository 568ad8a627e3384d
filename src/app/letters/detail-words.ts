import { inColour, printable } from '#app/terminal.ts';
import { entryLines } from '#app/timeline/words.ts';
import type { LetterContent, LetterItem } from '#feed/letter-ports.ts';
import type { TimelineEntry } from '#feed/timeline-ports.ts';
import type { Position } from '#stream/record.ts';
import { brief, stateTone } from './words.ts';

const HEX_COLUMNS = 64;
const HEX_LINES = 16;

/** One letter for people, with all it carries. */
export function letterDetailLines(
  letter: LetterItem & { readonly content: LetterContent | null; readonly around: readonly TimelineEntry[] },
  coloured: boolean,
): readonly string[] {
  const paint = inColour(coloured);
  const facts = factsOf(letter);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${paint('strong', letter.code)} at ${letter.phase}, ${paint(stateTone(letter.state), letter.state)}`,
    ...letter.message.split('\n').map(printable),
    '',
    ...facts.map(([name, value]) => `${paint('quiet', name.padEnd(width))}  ${value}`),
    ...(letter.state === 'withdrawn' ? [] : contentLines(letter.content, paint)),
    ...aroundLines(letter, paint),
    ...(letter.trackId === null ? [] : ['', paint('quiet', `More: linernotes track ${letter.trackId}`)]),
  ];
}

function factsOf(letter: LetterItem): readonly (readonly [string, string])[] {
  const { firstFailedAt, lastFailedAt, attempts, redrives, codeVersion } = letter;
  return [
    ['letter', letter.letterId],
    ['stands at', `${letter.topic}/${letter.partition}@${letter.offset}`],
    ['from', `${letter.originTopic}/${letter.originPartition}@${letter.originOffset}, group ${letter.consumerGroup}`],
    ['track', letter.trackId ?? 'unknown'],
    ['run', letter.runId ?? 'unknown'],
    ['failed', `${attempts} attempt${attempts === 1 ? '' : 's'}, first ${firstFailedAt}, last ${lastFailedAt}`],
    ['redrives', String(redrives)],
    ['class', letter.class],
    ['cause', letter.fingerprint],
    ['release', codeVersion ?? 'unknown'],
    ...doneTo(letter),
    ['event', letter.forwarded ? 'went on without this phase' : 'stopped here'],
  ];
}

type Paint = ReturnType<typeof inColour>;

function contentLines(content: LetterContent | null, paint: Paint): readonly string[] {
  if (content === null) return ['', 'The record is no longer on its topic: retention has taken it.'];
  const headers = Object.entries(content.headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '',
    paint('strong', 'Headers'),
    ...headers.map(([name, value]) => `  ${name}: ${brief(value)}`),
    '',
    paint('strong', valueTitle(content.value)),
    ...valueLines(content.value).map((line) => `  ${line}`),
  ];
}

function valueTitle(value: LetterContent['value']): string {
  if (value.kind === 'undecodable')
    return `Value: ${value.bytes ?? 0} bytes, ${value.code}: ${printable(value.message)}`;
  const { schemaId, schema } = value;
  return schema === null
    ? `Value, schema ${schemaId}`
    : `Value, ${schema.subject} version ${schema.version} (schema ${schemaId})`;
}

function valueLines(value: LetterContent['value']): readonly string[] {
  if (value.kind === 'decoded') return JSON.stringify(value.value, null, 2).split('\n').map(printable);
  const lines = value.hex.match(new RegExp(`.{1,${HEX_COLUMNS}}`, 'g')) ?? [];
  return lines.length > HEX_LINES ? [...lines.slice(0, HEX_LINES), '… (--json gives more)'] : lines;
}

/** Who did something to the letter last. */
function doneTo({ state, stateBy, stateAt, stateReason }: LetterItem): readonly (readonly [string, string])[] {
  if (stateBy === null) return [];
  const why = stateReason === null ? '' : `: ${printable(stateReason)}`;
  return [[state === 'superseded' ? 'before' : state, `by ${printable(stateBy)}, ${stateAt}${why}`]];
}

function aroundLines(
  { around, topic, partition, offset }: { readonly around: readonly TimelineEntry[] } & Position,
  paint: Paint,
): readonly string[] {
  if (around.length === 0) return [];
  const isHere = (entry: TimelineEntry): boolean =>
    entry.topic === topic && entry.partition === partition && entry.offset === offset;
  return [
    '',
    paint('strong', 'Its track around it'),
    ...around.flatMap((entry) => entryLines(entry, paint).map((line) => `${isHere(entry) ? '▸' : ' '} ${line}`)),
  ];
}

/** Letters with what they carry, for people. */
export const sampleLines = (
  letters: readonly (LetterItem & { readonly content: LetterContent | null })[],
  coloured: boolean,
): readonly string[] =>
  letters.length === 0
    ? ['No dead letter fits.']
    : letters.flatMap((letter) => [...letterDetailLines({ ...letter, around: [] }, coloured), '', '']);
