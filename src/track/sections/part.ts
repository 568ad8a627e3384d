import type { z } from 'zod';
import { as, moment, record, text } from '../shapes.ts';

/**
 * A part: facts that are written whole, by their own phase alone, with where and when they came from.
 * @param name Avro name of the part
 * @param facts the record of facts
 */
export const part = <Facts extends z.ZodType>(name: string, doc: string, facts: Facts) =>
  record(name, doc, {
    provider: text('Which source gave it: spotify, web-player, mlc, musicbrainz, chartmetric.'),
    fetchedAt: moment('When the provider answered (from the ledger: when it had answered).'),
    askedBy: text('The key that was asked, with its kind: track:…, isrc:…, work:…'),
    value: as(facts, 'The facts.'),
  });

export type Part<Facts> = {
  readonly provider: string;
  readonly fetchedAt: number;
  readonly askedBy: string;
  readonly value: Facts;
};
