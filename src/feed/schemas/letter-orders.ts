import { z } from 'zod';
import { letterSelection } from './letter.ts';

const selection = z
  .strictObject(letterSelection.shape)
  .partial()
  .describe('Which open letters; all that is given must hold. At least one, or `all`.');

const common = {
  selection: selection.default({}),
  all: z.boolean().default(false).describe('All open letters, where the selection is empty.'),
  by: z.string().min(1).max(200).default('http').describe('Who does it, for the audit.'),
};

export const redriveBody = z.strictObject({
  ...common,
  dryRun: z.boolean().default(false).describe('Tell what would be done, and do nothing.'),
  rate: z.number().positive().max(100_000).default(100).describe('Letters a second.'),
  max: z.int().positive().nullable().default(null).describe('Most letters; all when absent.'),
  reason: z.string().max(2000).nullable().default(null).describe('Why, for the audit.'),
});

export const resolveBody = z.strictObject({
  ...common,
  reason: z.string().min(1).max(2000).describe('Why, for the audit.'),
});

export const orderAnswer = z.looseObject({}).describe('What came of it; a dry run tells what would.');
