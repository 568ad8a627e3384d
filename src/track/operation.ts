import type { z } from 'zod';
import { as, maybe, moment, record, symbols, text, texts } from './shapes.ts';

/**
 * What can be done to the pipeline. New kinds are added at the end; readers of an older schema see `unknown`. What target and details
 * mean for each kind stands in `operation-kinds.ts`.
 */
export const operationKind = symbols('OperationKind', 'What is done to the pipeline.', [
  'redrive',
  'resolve',
  'replay',
  'withdraw',
  'resume',
  'cancel',
  'forget',
  'letter_redriven',
  'letter_resolved',
  'redrive_ended',
  'replay_paused',
  'replay_resumed',
  'replay_ended',
  'replay_cancelled',
]);

/** The value of `linernotes.operations`: the only source of all that is done to the pipeline, so that a rebuild knows it. */
export const operation = record(
  'Operation',
  'One thing done to the pipeline by an operator or by the pipeline itself.',
  {
    id: text('Unique id of the operation; a repeated id is the same operation.'),
    kind: as(operationKind, 'What is done.'),
    by: text('Who does it: the name an operator gave, or the part of linernotes that acts by itself.'),
    at: moment('When it was done.'),
    target: text('To what: a group, a topic, a run or a track, by its name or id.'),
    reason: maybe(text('Why, in the words of who does it.')),
    details: texts('Everything else by name, as text: selections, counts, limits. Names are listed with each kind.'),
  },
);

export type OperationKind = z.infer<typeof operationKind>;
export type Operation = z.infer<typeof operation>;
