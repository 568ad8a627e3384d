import { z } from 'zod';
import { phaseName } from '#track/phase.ts';
import { letterState } from './letter.ts';
import { operationItem } from './operation.ts';

const text = z.string().nullable();

export const timelineEntry = z.object({
  at: z.iso.datetime(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  kind: z.enum(['event', 'letter', 'unreadable']),
  lane: z.enum(['live', 'replay']).nullable(),
  phase: phaseName.nullable().describe('The phase that wrote it; null for what came from outside.'),
  runId: text,
  id: z.string(),
  status: text.describe('How the phase ended.'),
  code: text,
  attempts: z.int().nullable(),
  message: text,
  letter: z.object({ forwarded: z.boolean(), state: letterState }).nullable(),
});

export const timelineAnswer = z.object({
  trackId: z.string(),
  name: text,
  artists: z.array(z.string()),
  diagnosis: z.object({
    verdict: z.enum(['complete', 'degraded', 'waiting', 'dead-lettered', 'unknown']),
    sentence: z.string().describe('Why the track is where it is.'),
  }),
  entries: z.array(timelineEntry).describe('Every record about the track, in order.'),
  calls: z
    .array(
      z.object({
        at: z.iso.datetime(),
        provider: z.string(),
        kind: z.string().describe('What was asked for.'),
        key: z.string(),
        outcome: z.string().describe('found, not_found, restricted or not_offered.'),
      }),
    )
    .describe('What providers answered: the last answer under each key, as the ledger has it.'),
  operations: z.array(operationItem).describe('What was done to it, its letters and its runs.'),
  runs: z.array(z.object({ runId: z.string(), place: z.string(), degraded: z.boolean() })),
  read: z
    .object({
      partitions: z.int(),
      records: z.int(),
      milliseconds: z.int(),
      since: z.iso.datetime().nullable(),
      whole: z.boolean(),
    })
    .describe('What reading it took; `whole` is false when the bound on records was reached first.'),
});
