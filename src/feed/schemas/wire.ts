import { z } from 'zod';
import type { Keyset } from '#feed/page.ts';

/** What `src/track` notes for Avro is of no concern here, and unknown words are refused. */
const forAvro = (word: string): boolean => word.startsWith('avro');

/** A zod shape as the JSON schema that the server validates with and the API description shows. */
export function jsonSchema(shape: z.ZodType, io: 'input' | 'output' = 'output'): object {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: inner }) => {
      for (const word of Object.keys(inner).filter(forAvro)) delete inner[word];
    },
  });
  return schema;
}

export const errorAnswer = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .describe('What went wrong, for programs and for people.');

/** A list's page in the wire form. */
export const pageOf = (item: z.ZodType) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Give it as `cursor` to get the next page; null on the last one.'),
  });

const keyset = z.tuple([z.iso.datetime(), z.string().max(3000)]);

/** The opaque cursor of a list as a place in it; a text that is none is refused. */
const cursor = z
  .string()
  .max(6000)
  .transform((text, context): Keyset => {
    const read = keyset.safeParse(parsed(text));
    if (read.success) return { at: read.data[0], id: read.data[1] };
    context.addIssue({ code: 'custom', message: 'is no cursor of this list' });
    return z.NEVER;
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** `?limit=` and `?cursor=` of every list. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Most items of the page.'),
  cursor: cursor.nullable().default(null).describe('`next` of the page before.'),
});
