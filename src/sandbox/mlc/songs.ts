import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Work } from '../catalogue/works.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Reply } from '../http/route.ts';
import { songShape } from './shapes.ts';

/** A title alone, or writers alone, are refused as the live service refuses them. */
const songBody = z.object({
  title: z.string().min(1),
  writers: z
    .array(
      z.object({
        writerFirstName: z.string().default(''),
        writerLastName: z.string().default(''),
        writerIPI: z.string().default(''),
      }),
    )
    .min(1),
});

type AskedWriter = z.infer<typeof songBody>['writers'][number];

/**
 * The song search: works of the title by the asked writers, those with most of them first. Now and then somebody else's work of the
 * same title stands before them all: a client that takes the first row attaches a stranger's publisher.
 */
export const songs =
  (catalogue: Catalogue, badRequest: Reply) =>
  ({ body }: Ask): Reply => {
    const asked = songBody.safeParse(parsed(body));
    if (!asked.success) return badRequest;
    const { title } = asked.data;
    const writers = asked.data.writers.flatMap((writer) => meant(catalogue, writer));
    const found = [...ranked(catalogue, title, writers).slice(0, 10), ...namesakes(catalogue, title, writers)];
    const rows = [...title].length % 2 === 1 ? found.toReversed() : found;
    return json(
      200,
      rows.map((work) => songShape({ work, registration: 0, code: work.songCode })),
    );
  };

const meant = (catalogue: Catalogue, writer: AskedWriter): readonly number[] => {
  const byIpi = writer.writerIPI === '' ? null : catalogue.search.writerWithIpi(writer.writerIPI);
  return byIpi === null ? named(catalogue, writer) : [byIpi];
};

/** Names come as `first last` or, for scripts that put the family first, the other way round. */
function named(catalogue: Catalogue, { writerFirstName: first, writerLastName: last }: AskedWriter): readonly number[] {
  const names = [`${first} ${last}`, `${last} ${first}`, `${last}${first}`];
  return [...new Set(names.flatMap((name) => catalogue.search.writersNamed(name)))];
}

function ranked(catalogue: Catalogue, title: string, writers: readonly number[]): readonly Work[] {
  const found = titlesOf(title).flatMap((one) => catalogue.search.works(one, writers));
  const unique = [...new Map(found.map((work) => [work.number, work])).values()];
  return unique
    .filter(({ registered }) => registered)
    .sort((one, other) => overlap(other, writers) - overlap(one, writers) || one.number - other.number);
}

function namesakes(catalogue: Catalogue, title: string, writers: readonly number[]): readonly Work[] {
  const cultures = new Set(writers.map((writer) => catalogue.writer(writer).culture));
  return [...cultures]
    .flatMap((culture) => catalogue.search.namesake(title, culture) ?? [])
    .filter((work) => work.registered && overlap(work, writers) === 0);
}

/** The share of writers that a work and a question have in common. */
function overlap(work: Work, asked: readonly number[]): number {
  const common = work.writers.filter(({ writer }) => asked.includes(writer.number)).length;
  return common / (work.writers.length + new Set(asked).size - common);
}

/** The title as given, and without a version in brackets or after a dash. */
const titlesOf = (title: string): readonly string[] => [
  ...new Set([title, title.replace(/ ( ?- |\(|\[).*$/u, '').trim()]),
];
