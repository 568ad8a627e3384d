import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Encode } from '#stream/ports.ts';
import type { Headers } from '#stream/record.ts';
import type { Mended } from '#stream/redriven.ts';
import { trackIdOf } from '#track/identity.ts';
import { TOPIC_VALUES } from '#track/values.ts';

/** What a map is told about a letter beside its value. */
export type MappedLetter = {
  readonly id: string;
  readonly phase: string;
  readonly code: string;
  readonly message: string;
  readonly trackId: string | null;
  readonly runId: string | null;
  readonly headers: Headers;
  /** The original bytes, for a value that cannot be decoded. */
  readonly bytes: Buffer | null;
};

/** Makes a new value of a letter's decoded one (`null`: it cannot be decoded). Nothing returned: the letter is left alone. */
type MapValue = (value: unknown, letter: MappedLetter) => unknown;

export type LetterMap = {
  /** Tells one map from another. */
  readonly sha256: string;
  readonly apply: MapValue;
};

/**
 * Loads a map: a JavaScript or TypeScript module that exports a function as `map` or by default.
 * @returns the map, or what is wrong with the file
 */
export async function loadMap(file: string): Promise<LetterMap | { readonly wrong: string }> {
  try {
    const text = await readFile(file);
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
    const apply = module['map'] ?? module['default'];
    if (typeof apply !== 'function') return { wrong: `${file} exports no function "map".` };
    return { sha256: createHash('sha256').update(text).digest('hex'), apply: apply as MapValue };
  } catch (error) {
    return { wrong: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Applies a map and holds what it returns to the schema that the group reads today.
 * @param topic where the value is to be sent
 * @returns the new value, or why there is none
 */
export async function mapped(
  map: LetterMap,
  value: unknown,
  letter: MappedLetter,
  { topic, encode }: { readonly topic: string; readonly encode: Encode },
): Promise<Mended | { readonly wrong: string }> {
  const made = await applied(map, value, letter);
  const fitting = 'wrong' in made ? made : fitted(topic, made.value);
  if ('wrong' in fitting) return fitting;
  const encoded = await encode(topic, fitting.value);
  return encoded.ok ? { value: encoded.value, subject: fitting.subject } : { wrong: encoded.failure.message };
}

type Wrong = { readonly wrong: string };

/** The map is the operator's: whatever it does wrong is an answer. */
async function applied(
  { apply }: LetterMap,
  value: unknown,
  letter: MappedLetter,
): Promise<{ readonly value: unknown } | Wrong> {
  try {
    const made = await apply(structuredClone(value), letter);
    return made === null || made === undefined ? { wrong: 'the map returned nothing' } : { value: made };
  } catch (error) {
    return { wrong: `the map threw: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function fitted(
  topic: string,
  made: unknown,
): { readonly value: Readonly<Record<string, unknown>>; readonly subject: string } | Wrong {
  const shape = TOPIC_VALUES[topic];
  if (shape === undefined) throw new Error(`${topic} has no schema.`);
  const read = shape.safeParse(made);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { wrong: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
  }
  const named = read.data['trackId'] ?? read.data['track'];
  const subject = typeof named === 'string' ? trackIdOf(named) : null;
  return subject === null ? { wrong: `"${String(named)}" names no Spotify track` } : { value: read.data, subject };
}
