import { z } from 'zod';

/**
 * The few building blocks of everything that goes on a topic. Each carries what Avro needs beside what zod checks: a name for
 * every record and enum, a sentence for every field. `schemas/*.avsc` is generated from these, so the two cannot disagree.
 */

/** A named record. `name` becomes the Avro record name, so it must stay the same for ever. */
export const record = <Shape extends z.core.$ZodShape>(name: string, doc: string, shape: Shape) =>
  z.object(shape).meta({ avroName: name, avroDoc: doc, description: doc });

/** A closed list of symbols. `unknown` is always the first: readers of an older schema see it for symbols added later. */
export const symbols = <const Symbol extends string>(name: string, doc: string, list: readonly [Symbol, ...Symbol[]]) =>
  z.enum(['unknown', ...list]).meta({ avroName: name, avroDoc: doc, description: doc });

/** Free text, exactly as given. */
export const text = (doc: string) => z.string().describe(doc);

/** Avro writes a negative long as twice its size, and avsc reckons in doubles: beyond 2⁵² it reads another number than was written. */
const MOST = 2 ** 52;

const long = () => z.int().min(-MOST).max(MOST);

/** A whole number (Avro long): counts above 2³¹ are everyday facts here. */
export const whole = (doc: string) => long().describe(doc);

/** A fraction (Avro double). */
export const fraction = (doc: string) => z.number().describe(doc);

export const flag = (doc: string) => z.boolean().describe(doc);

/** A moment: milliseconds since 1970-01-01T00:00:00Z (Avro timestamp-millis). */
export const moment = (doc: string) => long().meta({ avroLogicalType: 'timestamp-millis', description: doc });

/** A fact that may be absent: `null`, never missing, never a stand-in such as '' or 0. */
export const maybe = <Inner extends z.ZodType>(inner: Inner, doc?: string) =>
  inner.nullable().describe(doc ?? inner.description ?? '');

/** Several of a kind, in the order given by the source. */
export const list = <Inner extends z.ZodType>(inner: Inner, doc: string) => z.array(inner).describe(doc);

/** Texts by name (Avro map): for what has no shape of its own yet. */
export const texts = (doc: string) => z.record(z.string(), z.string()).describe(doc);

/**
 * A field added after the first version that is neither `maybe` nor a `list`: readers of older events see `value`.
 * Without a default the registry refuses the field, because the events of the past lack it.
 */
export const since = <Inner extends z.ZodType>(inner: Inner, value: z.infer<Inner>): Inner =>
  inner.meta({ ...inner.meta(), avroDefault: value });

/** The same shape in another place, with a sentence of its own. */
export const as = <Inner extends z.ZodType>(inner: Inner, doc: string): Inner => inner.describe(doc);
