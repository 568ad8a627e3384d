/** A writer as other sources name them. */
export type AskedWriter = { readonly name: string; readonly ipi: string | null };

/** What the song search is asked: both a title and writers, for the service refuses either alone. */
export type SongQuestion = { readonly title: string; readonly writers: readonly AskedWriter[] };

type NameParts = readonly [first: string, last: string, ipi: string];

/** More writers tell no more, and the key of a question must fit into an index. */
const MOST_WRITERS = 5;
const MOST_BYTES = 1000;

/** In letters; no title or name that is meant comes near. */
const bounded = (text: string, most: number): string => [...text].slice(0, most).join('');

/** The service wants names in two parts. This is for asking only: what is kept and compared is the name as given. */
function partsOf({ name, ipi }: AskedWriter): NameParts {
  const words = bounded(name.trim(), 120).split(/\s+/u);
  const last = words.at(-1) ?? '';
  return [words.slice(0, -1).join(' '), last, ipi ?? ''];
}

const keyOf = (title: string, writers: readonly NameParts[]): string =>
  JSON.stringify([title, ...writers.map((parts) => JSON.stringify(parts)).sort()]);

/** The question as a key: equal for the same title and writers, in whatever order they are credited. */
export function songKey({ title, writers }: SongQuestion): string {
  const asked = writers.slice(0, MOST_WRITERS).map(partsOf);
  const key = (): string => keyOf(bounded(title, 200), asked);
  while (asked.length > 1 && Buffer.byteLength(key()) > MOST_BYTES) asked.pop();
  return key();
}

/** The body of `POST /search/songcode` for a key. */
export function songBody(key: string): object {
  const [title, ...writers]: string[] = JSON.parse(key);
  return {
    title,
    writers: writers.map((writer) => {
      const [writerFirstName, writerLastName, writerIPI]: NameParts = JSON.parse(writer);
      return { writerFirstName, writerLastName, writerIPI };
    }),
  };
}
