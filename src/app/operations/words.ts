import { inColour, printable } from '#app/terminal.ts';
import type { OperationRow } from '#projector/operation-row.ts';

const DETAIL = 60;

const brief = (text: string): string => {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  return line.length > DETAIL ? `${line.slice(0, DETAIL - 1)}…` : line;
};

const KIND_WIDTH = 15;

/** A page of operations for people: who did what, when, and with what. */
export function operationLines(
  { items, next }: { readonly items: readonly OperationRow[]; readonly next: string | null },
  coloured: boolean,
): readonly string[] {
  const paint = inColour(coloured);
  if (items.length === 0) return ['No operation fits.'];
  const lines = items.flatMap(({ at, by, kind, target, reason, details }) => {
    const said = Object.entries(details).map(([name, value]) => `${printable(name)}=${brief(value)}`);
    return [
      [
        paint('quiet', at.replace(/\.\d+Z$/, 'Z').replace('T', ' ')),
        paint('strong', kind.padEnd(KIND_WIDTH)),
        printable(target),
        paint('quiet', `by ${printable(by)}`),
      ].join('  '),
      ...(reason === null ? [] : [`    ${printable(reason)}`]),
      ...(said.length === 0 ? [] : [paint('quiet', `    ${said.join('  ')}`)]),
    ];
  });
  return [...lines, ...(next === null ? [] : ['', `There are more: --cursor ${next}`])];
}
