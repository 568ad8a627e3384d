import { z } from 'zod';
import { letterItem } from './letter.ts';
import { timelineEntry } from './timeline.ts';

const value = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('decoded'),
    schemaId: z.int(),
    schema: z
      .object({ subject: z.string(), version: z.int() })
      .nullable()
      .describe('Where the registry has that schema.'),
    value: z.unknown(),
  }),
  z.object({
    kind: z.literal('undecodable'),
    code: z.string(),
    message: z.string(),
    bytes: z.int().nullable().describe('Length of the value; null when there is none.'),
    hex: z.string().describe('The first 8 KiB.'),
  }),
]);

export const letterDetail = letterItem.extend({
  content: z
    .object({ key: z.string().nullable(), headers: z.record(z.string(), z.string()), value })
    .nullable()
    .describe('The record as it stands on the topic; null when retention has taken it, or its track was withdrawn.'),
  around: z
    .array(timelineEntry)
    .describe('Its track’s records around it, in order; none when the letter names no track, or when not asked for.'),
});

export const letterDetailQuery = z.object({
  around: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false` leaves out what happened around it, for which the log is read.'),
});
