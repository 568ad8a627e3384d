const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/** One to three bytes that do not fill a word; Java's switch falls through from the highest. */
const mixTail = (hash: number, data: Uint8Array, from: number): number => {
  let word = 0;
  for (let index = data.length - 1; index >= from; index -= 1) word = (word << 8) | (data[index] ?? 0);
  return from < data.length ? Math.imul(hash ^ word, MIX) : hash;
};

/**
 * The 32-bit MurmurHash 2 that Kafka's Java clients compute of a record's key.
 * @returns a signed 32-bit integer.
 */
export const murmur2 = (data: Uint8Array): number => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const whole = data.length - (data.length % 4);
  let hash = SEED ^ data.length;
  for (let index = 0; index < whole; index += 4) {
    const word = Math.imul(view.getInt32(index, true), MIX);
    hash = Math.imul(hash, MIX) ^ Math.imul(word ^ (word >>> 24), MIX);
  }
  hash = mixTail(hash, data, whole);
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
};

/** The partition a Java client gives a key: the sign bit is cut off, not negated. */
export const partitionOf = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions;
