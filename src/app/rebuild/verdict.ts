import type { Models, Verified } from '#adapters/postgres/rebuild/swap.ts';

/** Why nothing was begun. */
export type Refused = { readonly refused: readonly string[] };

export type Rebuilt = Models &
  Verified & {
    /** The rebuilt model is what the live one is. */
    readonly right: boolean;
    /** It is the live one now. */
    readonly swapped: boolean;
  };

/** Whether both models say the same, and the rebuilt one adds up. */
export const isRight = ({ tables, wrongRuns }: Verified): boolean =>
  wrongRuns.length === 0 && tables.every(({ rebuilt, live, different }) => rebuilt === live && (different ?? 0) === 0);

const count = (value: number): string => value.toLocaleString('en-US');

/** The answer for people: table by table, then what became of it and what to do. */
export function rebuiltLines(answer: Rebuilt, verifyOnly: boolean): readonly string[] {
  const { tables, wrongRuns, rebuilt, live } = answer;
  return [
    ...tables.map(({ table, different, sample, ...counts }) => {
      const rows = `${table.padEnd(16)}${count(counts.rebuilt).padStart(12)} rows, live ${count(counts.live)}`;
      if (different === null) return `${rows}, of another layout`;
      return different === 0 ? rows : `${rows}, ${count(different)} differ: ${sample.join(', ')}`;
    }),
    ...wrongRuns.map((run) => `run ${run} does not add up in ${rebuilt}: that is a bug`),
    ending(answer, verifyOnly, { rebuilt, live }),
  ];
}

function ending({ right, swapped }: Rebuilt, verifyOnly: boolean, { rebuilt, live }: Models): string {
  if (swapped) return `${rebuilt} is live in place of ${live}; the projector goes on with it.`;
  if (verifyOnly) return right ? `${live} is what the log says.` : `${live} is not what the log says.`;
  return `${live} stays live: the two differ. ${rebuilt} is left for a look until the next rebuild; if it is the right one: linernotes rebuild --continue --allow-differences`;
}
