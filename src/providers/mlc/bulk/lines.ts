/** Whole lines, and how many bytes of the stream they end at. */
export type Lines = { readonly lines: readonly string[]; readonly end: number };

const NEWLINE = 0x0a;

/** The lines of a stream of UTF-8, a chunk at a time; a last line without an end counts as one. Memory holds one chunk and one line. */
export async function* linesFrom(chunks: AsyncIterable<Buffer>): AsyncGenerator<Lines> {
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const last = bytes.lastIndexOf(NEWLINE);
    rest = bytes.subarray(last + 1);
    if (last < 0) continue;
    end += last + 1;
    yield { lines: bytes.subarray(0, last).toString('utf8').split('\n'), end };
  }
  if (rest.length > 0) yield { lines: [rest.toString('utf8')], end: end + rest.length };
}
