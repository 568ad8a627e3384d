type Bytes = Buffer | string;

/** A record as kafkajs hands it to its encoder. */
export type WireRecord = {
  readonly key?: Bytes | null;
  readonly value?: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>;
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
};

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Writes a varint and returns the place after it. */
function writeVarint(into: Buffer, at: number, value: number): number {
  let place = at;
  let rest = zigzag(value);
  for (; rest > 127; rest = Math.floor(rest / 128)) {
    into[place] = (rest % 128) | 128;
    place += 1;
  }
  into[place] = rest;
  return place + 1;
}

const lengthOf = (bytes: Bytes | null): number => {
  if (bytes === null) return -1;
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
};

/** Bytes with their length before them; -1 stands for null. */
function writeBytes(into: Buffer, at: number, bytes: Bytes | null, length: number): number {
  const place = writeVarint(into, at, length);
  if (bytes === null) return place;
  if (typeof bytes === 'string') into.write(bytes, place);
  else bytes.copy(into, place);
  return place + length;
}

/** A header may stand several times under one name. */
const headerPairs = (headers: NonNullable<WireRecord['headers']>): readonly (readonly [string, Bytes | null])[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((one: Bytes): readonly [string, Bytes] => [name, one])
      : [[name, (value as Bytes | undefined) ?? null] as const],
  );

/** A record of a record batch (magic 2): how many bytes it takes, and how to put them somewhere. */
export type RecordPiece = {
  readonly size: number;
  /** @returns the place after the record */
  readonly writeTo: (into: Buffer, at: number) => number;
};

const ATTRIBUTES = 1;

/**
 * Measures a record now and writes it later, straight into the batch.
 * kafkajs itself takes 512 zeroed bytes for every header and doubles a buffer until the value fits: most of the memory and a good
 * part of the time that writing a batch costs.
 */
export function recordPiece({
  key = null,
  value = null,
  headers = {},
  offsetDelta = 0,
  timestampDelta = 0,
}: WireRecord): RecordPiece {
  const pairs = headerPairs(headers);
  const fields = [key, value, ...pairs.flat()];
  const lengths = fields.map(lengthOf);
  const body = lengths.reduce(
    (size, length) => size + varintSize(length) + Math.max(length, 0),
    ATTRIBUTES + varintSize(timestampDelta) + varintSize(offsetDelta) + varintSize(pairs.length),
  );
  const writeTo = (into: Buffer, at: number): number => {
    let place = writeVarint(into, at, body);
    into[place] = 0;
    place = writeVarint(into, place + ATTRIBUTES, timestampDelta);
    place = writeVarint(into, place, offsetDelta);
    for (const [index, field] of fields.entries()) {
      if (index === 2) place = writeVarint(into, place, pairs.length);
      place = writeBytes(into, place, field, lengths[index] ?? -1);
    }
    return fields.length === 2 ? writeVarint(into, place, 0) : place;
  };
  return { size: varintSize(body) + body, writeTo };
}
