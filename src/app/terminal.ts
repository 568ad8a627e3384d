export type Tone = 'plain' | 'quiet' | 'strong' | 'good' | 'warn' | 'bad';

const CODES: Readonly<Record<Exclude<Tone, 'plain'>, number>> = { quiet: 2, strong: 1, good: 32, warn: 33, bad: 31 };

/** Paints text for a terminal; does nothing where nobody looks. */
export const inColour =
  (coloured: boolean) =>
  (tone: Tone, text: string): string =>
    coloured && tone !== 'plain' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;

/** Text of others as a terminal may show it: what would tell it to do something is spelled out. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`);
