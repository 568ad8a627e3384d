import { z } from 'zod';
import { phaseName } from '#track/phase.ts';
import { listQuery } from './wire.ts';

const text = z.string().nullable();
const moment = z.iso.datetime();

export const letterState = z
  .enum(['open', 'redriven', 'resolved', 'superseded', 'withdrawn'])
  .describe(
    '`redriven`: sent to its group again, and not failed since. `resolved`: closed by hand. `superseded`: the phase has answered for the track since the letter last failed. `withdrawn`: its track was withdrawn.',
  );

/** A dead letter as lists show it. */
export const letterItem = z.object({
  letterId: z.string(),
  consumerGroup: z.string(),
  phase: phaseName,
  class: z.string().describe('Class of the failure; `unknown` for letters that others put there.'),
  code: z.string(),
  message: z.string(),
  fingerprint: z.string().describe('Equal for letters of one cause.'),
  attempts: z.int().describe('All attempts, those before a redrive included.'),
  redrives: z.int(),
  firstFailedAt: moment,
  lastFailedAt: moment,
  codeVersion: text.describe('The release that failed.'),
  forwarded: z.boolean().describe('The event went on without this phase.'),
  trackId: text,
  runId: text,
  originTopic: z.string(),
  originPartition: z.int(),
  originOffset: z.int(),
  topic: z.string().describe('Where the letter stands.'),
  partition: z.int(),
  offset: z.int(),
  at: moment.describe('Broker time of the letter.'),
  state: letterState,
  stateBy: text.describe('Who redrove or resolved it last, or withdrew its track.'),
  stateAt: moment.nullable().describe('When that was.'),
  stateReason: text.describe('Why.'),
});

export const letterGroups = z.object({
  items: z.array(
    letterItem
      .pick({ fingerprint: true, phase: true, class: true, code: true, firstFailedAt: true, lastFailedAt: true })
      .extend({
        letters: z.int(),
        open: z.int(),
        tracks: z.int().describe('Distinct tracks among them.'),
        forwarded: z.int().describe('Events that went on without the phase.'),
        sample: letterItem.pick({ letterId: true, trackId: true, message: true }),
      }),
  ),
  groups: z.int().describe('Groups in all; the largest are listed.'),
  letters: z.int().describe('Letters in all groups.'),
});

const one = (shape: z.ZodType<string, string>, doc: string) => shape.nullable().default(null).describe(doc);

/** Which letters; all that are given must hold. */
export const letterSelection = z.object({
  phase: phaseName.nullable().default(null).describe('Phase that failed.'),
  class: one(z.string(), 'Class of the failure.'),
  code: one(z.string(), 'Failure code.'),
  fingerprint: one(z.string(), 'Letters of one cause.'),
  run: one(z.string(), 'Run id.'),
  track: one(z.string(), 'Track id.'),
  since: one(z.iso.datetime({ offset: true }), 'Last failed at this moment or later.'),
  until: one(z.iso.datetime({ offset: true }), 'Last failed before this moment.'),
  release: one(z.string(), 'Release that failed.'),
  letter: one(z.string(), 'One letter, by its id.'),
});

const filter = {
  ...letterSelection.shape,
  state: letterState.nullable().default(null).describe('State of the letter; all when absent.'),
};

export const lettersQuery = listQuery.extend(filter);
export const letterGroupsQuery = listQuery.pick({ limit: true }).extend(filter);
