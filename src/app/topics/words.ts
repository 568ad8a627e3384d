import type { Change } from './plan.ts';

const SIGNS = { create: '+', delete: '-', partitions: '~', replication: '~', config: '~' } as const;
const COLOURS = { '+': 32, '-': 31, '~': 33 } as const;

/** A plan for people: a line for each change, what follows from it and why it is refused below it, a sum at the end. */
export function planLines(changes: readonly Change[], coloured: boolean): readonly string[] {
  if (changes.length === 0) return ['Nothing differs: the cluster is what the files say.'];
  return [...changes.flatMap((change) => linesOf(change, coloured)), sum(changes)];
}

function linesOf(change: Change, coloured: boolean): readonly string[] {
  const sign = SIGNS[change.kind];
  const line = `${sign} ${change.topic}: ${what(change)}`;
  return [
    coloured ? `\u001b[${COLOURS[sign]}m${line}\u001b[0m` : line,
    ...(change.consequence === null ? [] : [`    ${change.consequence}`]),
    ...(change.refused === null ? [] : [`    refused: ${change.refused}`]),
  ];
}

function what(change: Change): string {
  if (change.kind === 'delete') return 'on the cluster, but no file names it';
  if (change.kind === 'config') return `${change.key} ${change.from ?? "(the broker's)"} → ${change.to}`;
  if (change.kind !== 'create') return `${change.kind} ${change.from} → ${change.to}`;
  const { partitions, replication, config } = change.wanted;
  const settings = Object.entries(config).map(([key, value]) => `${key}=${value}`);
  return [`partitions=${partitions}`, `replication=${replication}`, ...settings].join(' ');
}

function sum(changes: readonly Change[]): string {
  const due = changes.filter(({ refused }) => refused === null);
  const of = (sign: string) => due.filter(({ kind }) => SIGNS[kind] === sign).length;
  return `${of('+')} to add, ${of('~')} to change, ${of('-')} to delete, ${changes.length - due.length} refused`;
}
