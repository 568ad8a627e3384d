import { inColour, printable } from '#app/terminal.ts';
import type { Wanted } from '#providers/rehearsal.ts';
import { LEFT, type Left, type LeftReason } from './order.ts';
import type { RedrivePlan } from './plan.ts';
import type { Redriven } from './redrive.ts';

const whole = (value: number): string => value.toLocaleString('en');

const letters = (count: number): string => `${whole(count)} dead letter${count === 1 ? '' : 's'}`;

/** What a redrive would do, for people. */
export function planLines(
  { letters: all, topics, left, sample, calls, seconds }: RedrivePlan,
  coloured: boolean,
): readonly string[] {
  const paint = inColour(coloured);
  if (all === 0) return ['No open dead letter would be sent.', ...leftLines(left)];
  return [
    `${paint('strong', letters(all))} would be sent, in ${whole(Math.ceil(seconds))} s:`,
    ...Object.entries(topics).map(([topic, count]) => `  ${whole(count).padStart(9)}  ${topic}`),
    '',
    'Expected calls (what the ledger holds is free):',
    ...callLines(calls),
    '',
    'For example:',
    ...sample.flatMap(({ letter, value }) => [
      `  ${letter.letterId}  ${letter.trackId ?? 'no track'}  ${letter.code}`,
      paint('quiet', `    ${printable(JSON.stringify(value)).slice(0, 200)}`),
    ]),
    ...leftLines(left),
  ];
}

const callLines = (calls: readonly Wanted[]): readonly string[] =>
  calls.length === 0
    ? ['          0  nobody is asked']
    : calls.map(
        ({ provider, kind, calls: made, keys, known }) =>
          `  ${whole(made).padStart(9)}  ${provider}/${kind}, for ${whole(keys)} keys; ${whole(known)} known`,
      );

/** How a redrive ended, for people. */
export function redrivenLines({ ends }: Redriven, coloured: boolean): readonly string[] {
  const paint = inColour(coloured);
  if (ends.length === 0) return ['Nothing to redrive: no open dead letter fits.'];
  return ends.flatMap((end) => {
    if (end.kind === 'refused') return [paint('bad', end.message)];
    const how = end.kind === 'ended' ? 'sent' : 'sent so far; the same command goes on';
    const why = end.message === null ? [] : [paint('bad', end.message)];
    return [
      `${paint('strong', letters(end.redriven))} of ${end.dlq} ${how} (redrive ${end.id}).`,
      ...why,
      ...leftLines(end.left),
    ];
  });
}

function leftLines({ counts, some }: Left): readonly string[] {
  const reasons = Object.entries(counts) as [LeftReason, number][];
  if (reasons.length === 0) return [];
  return [
    '',
    'Left as they are:',
    ...reasons.map(([reason, count]) => `  ${whole(count).padStart(9)}  ${LEFT[reason]}`),
    ...some.map(({ letterId, message }) => `    ${letterId}: ${printable(message)}`),
  ];
}
