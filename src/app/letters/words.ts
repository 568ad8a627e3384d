import { inColour, printable, type Tone } from '#app/terminal.ts';
import type { LetterGroup, LetterGroups, LetterItem } from '#feed/letter-ports.ts';

const MESSAGE = 100;

/** A message in one short line. */
export const brief = (message: string): string => {
  const line = printable(message.replace(/\s+/g, ' ').trim());
  return line.length > MESSAGE ? `${line.slice(0, MESSAGE - 1)}…` : line;
};

const whole = (value: number): string => value.toLocaleString('en');

const letters = (count: number): string => `${whole(count)} dead letter${count === 1 ? '' : 's'}`;

const seconds = (moment: string): string => moment.replace(/\.\d+Z$/, 'Z').replace('T', ' ');

const TONES: Readonly<Record<LetterItem['state'], Tone>> = {
  open: 'bad',
  redriven: 'warn',
  resolved: 'quiet',
  superseded: 'quiet',
  withdrawn: 'quiet',
};

export const stateTone = (state: LetterItem['state']): Tone => TONES[state];

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
