import { z } from 'zod';
import { operationKind } from '#track/operation.ts';
import { listQuery } from './wire.ts';

/** One thing that was done to the pipeline: who, what, when. */
export const operationItem = z.object({
  operationId: z.string(),
  kind: operationKind,
  by: z.string().describe('Who did it; `linernotes` where it acted by itself.'),
  at: z.iso.datetime(),
  target: z.string().describe('To what: a topic, a letter, a run, a track.'),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.string()).describe('Everything else by name; the names depend on the kind.'),
  letterOffset: z.int().nullable().describe('For what was done to a letter: where that copy of it stood.'),
  position: z.int().describe('Its offset in `linernotes.operations`.'),
});

export const operationsQuery = listQuery.extend({
  kind: operationKind.nullable().default(null).describe('Kind of operation.'),
  target: z.string().nullable().default(null).describe('What it was done to.'),
  since: z.iso.datetime({ offset: true }).nullable().default(null).describe('Done at this moment or later.'),
});
