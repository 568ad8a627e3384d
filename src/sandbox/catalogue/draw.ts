/** Named draws from one key. Each label is drawn by itself, so that a new trait never shifts what older ones gave. */
export type Draw = {
  /** A number in [0, 1). */
  unit(label: string): number;
  /** A whole number in [0, limit), limit up to 2^53. */
  below(limit: number, label: string): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number, label: string): number;
  chance(share: number, label: string): boolean;
  pick<Item>(items: readonly Item[], label: string): Item;
  /** A rank in [0, limit) that favours small ones, as hits and busy writers do. */
  rank(limit: number, label: string): number;
};

/** Gives the draws of one thing: the same seed, kind and key give the same draws for ever, on every machine. */
export function draw(seed: string, kind: string, key: string | number): Draw {
  const subject = `${seed}|${kind}|${key}`;
  const high = hash32(subject, 0x9e3779b9);
  const low = hash32(subject, 0x85ebca6b);
  const unit = (label: string): number => {
    const top = hash32(label, high) >>> 5;
    const rest = hash32(label, low) >>> 6;
    return (top * 67108864 + rest) / 9007199254740992;
  };
  const below = (limit: number, label: string): number => Math.floor(unit(label) * limit);
  return {
    unit,
    below,
    between: (least, most, label) => least + below(most - least + 1, label),
    chance: (share, label) => unit(label) < share,
    pick: (items, label) => {
      const item = items[below(items.length, label)];
      if (item === undefined) throw new Error(`nothing to pick for ${label}`);
      return item;
    },
    rank: (limit, label) => Math.floor(limit * unit(label) ** 1.5),
  };
}

/** The 32-bit hash of a text from a starting value: murmur3's mixing over UTF-16 units. */
export function hash32(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0xcc9e2d51);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
