import type { LetterSelection } from '#feed/letter-ports.ts';

/** A selection as it stands in the log of operations: equal texts are one selection. */
export const selectionText = (selection: LetterSelection): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(selection)
        .filter(([, value]) => value !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
