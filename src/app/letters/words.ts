import { inColour, printable, type Tone } from '#app/terminal.ts';
import type { LetterContent, LetterGroup, LetterGroups, LetterItem } from '#feed/letter-ports.ts';

const MESSAGE = 100;

/** A message in one short line. */
const brief = (message: string): string => {
  const line = printable(message.replace(/\s+/g, ' ').trim());
  return line.length > MESSAGE ? `${line.slice(0, MESSAGE - 1)}…` : line;
};

const whole = (value: number): string => value.toLocaleString('en');

const letters = (count: number): string => `${whole(count)} dead letter${count === 1 ? '' : 's'}`;

const seconds = (moment: string): string => moment.replace(/\.\d+Z$/, 'Z').replace('T', ' ');

const stateTone = (state: LetterItem['state']): Tone => (state === 'open' ? 'bad' : 'quiet');

/** A page of letters for people: two lines each. */
export function letterLines(
  { items, next }: { readonly items: readonly LetterItem[]; readonly next: string | null },
  coloured: boolean,
): readonly string[] {
  const paint = inColour(coloured);
  if (items.length === 0) return ['No dead letter fits.'];
  const lines = items.flatMap((item) => [
    [
      paint('quiet', seconds(item.lastFailedAt)),
      item.phase.padEnd(10),
      paint('strong', item.code.padEnd(16)),
      (item.trackId ?? 'no track').padEnd(22),
      paint(stateTone(item.state), item.state.padEnd(10)),
      paint('quiet', item.letterId),
    ].join('  '),
    `    ${brief(item.message)}`,
  ]);
  const more = next === null ? [] : ['', `There are more: --cursor ${next}`];
  return [...lines, '', `${letters(items.length)}.`, ...more];
}

/** Groups for people: the cause, how many, and one of them. */
export function groupLines({ items, groups, letters: all }: LetterGroups, coloured: boolean): readonly string[] {
  const paint = inColour(coloured);
  if (items.length === 0) return ['No dead letter fits.'];
  const unlisted = groups - items.length;
  return [
    ...items.flatMap((group) => [...oneGroup(group, paint), '']),
    `${letters(all)} of ${groups} cause${groups === 1 ? '' : 's'}${unlisted > 0 ? `, ${unlisted} of them not listed (--limit)` : ''}.`,
  ];
}

function oneGroup(group: LetterGroup, paint: ReturnType<typeof inColour>): readonly string[] {
  const { fingerprint, phase, code, sample, open, tracks, forwarded, firstFailedAt, lastFailedAt } = group;
  return [
    [
      paint('strong', whole(group.letters).padStart(7)),
      phase.padEnd(10),
      paint('bad', code),
      paint('quiet', fingerprint),
    ].join('  '),
    `         ${open} open, ${tracks} track${tracks === 1 ? '' : 's'}, ${forwarded} went on; ${seconds(firstFailedAt)} to ${seconds(lastFailedAt)}`,
    `         e.g. ${brief(sample.message)}`,
    paint('quiet', `              ${sample.letterId}`),
  ];
}

const HEX_COLUMNS = 64;
const HEX_LINES = 16;

/** One letter for people, with all it carries. */
export function letterDetailLines(
  letter: LetterItem & { readonly content: LetterContent | null },
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
    ...contentLines(letter.content, paint),
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
