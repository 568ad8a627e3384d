/** One piece of a condition. `at` counts characters from 1, as people do. */
export type Token = { readonly kind: 'word' | 'text' | 'number' | 'sign'; readonly text: string; readonly at: number };

const PIECES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /^'(?:[^']|'')*'/],
  ['number', /^-?\d+(?:\.\d+)?(?![\w.])/],
  ['word', /^[A-Za-z_]\w*|^\d+[smhd]\b/],
  ['sign', /^(?:<=|>=|!=|<>|[=<>(),])/],
];

/** Cuts a condition into its pieces, or says at which character it cannot be read. */
export function tokensOf(condition: string): readonly Token[] | { readonly wrong: string } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < condition.length) {
    const rest = condition.slice(at);
    const blank = /^\s+/.exec(rest)?.[0].length ?? 0;
    if (blank > 0) {
      at += blank;
      continue;
    }
    const token = pieceOf(rest, at + 1);
    if (token === null) return { wrong: unreadable(rest, at + 1) };
    tokens.push(token.value);
    at += token.length;
  }
  return tokens;
}

function pieceOf(rest: string, at: number): { readonly value: Token; readonly length: number } | null {
  for (const [kind, shape] of PIECES) {
    const found = shape.exec(rest)?.[0];
    if (found === undefined) continue;
    const text = kind === 'text' ? found.slice(1, -1).replaceAll("''", "'") : found;
    return { value: { kind, text, at }, length: found.length };
  }
  return null;
}

const unreadable = (rest: string, at: number): string =>
  rest.startsWith("'")
    ? `The text that begins at character ${at} has no closing '; a ' inside it is written twice.`
    : `Character ${at}, ${JSON.stringify(rest[0])}, has no meaning here; texts stand in single quotes.`;
