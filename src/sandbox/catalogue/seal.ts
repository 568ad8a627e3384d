import { hash32 } from './draw.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Made-up identifiers that carry a number: half of the bits are a checksum of the number, the other half is the number
 * hidden under that checksum. They look random, are found back without any memory, and an identifier of another world
 * is told apart with certainty (a checksum of 60 bits or more).
 */
export type Sealer = {
  /** The 22-character base62 identifier (Spotify's form) of a whole number below 2^53. */
  toBase62(kind: string, value: number): string;
  /** The number in such an identifier, or null when it was not made here for this kind. */
  fromBase62(kind: string, id: string): number | null;
  /** The UUID (MusicBrainz's form) of a whole number below 2^53. */
  toUuid(kind: string, value: number): string;
  fromUuid(kind: string, uuid: string): number | null;
};

/** Makes the sealer of one catalogue; another seed does not recognise its identifiers. */
export function sealer(seed: string): Sealer {
  const mask = (kind: string, text: string, bits: bigint): bigint => {
    const high = BigInt(hash32(`${seed}|${kind}|${text}`, 0x1b873593));
    const low = BigInt(hash32(`${text}|${kind}|${seed}`, 0xe6546b64));
    return ((high << 32n) | low) & ((1n << bits) - 1n);
  };
  const close = (kind: string, value: number, bits: bigint): bigint => {
    const check = mask(kind, `check ${value}`, bits);
    return (check << bits) | (BigInt(value) ^ mask(kind, `hide ${check}`, bits));
  };
  const open = (kind: string, sealed: bigint, bits: bigint): number | null => {
    const check = sealed >> bits;
    const value = (sealed & ((1n << bits) - 1n)) ^ mask(kind, `hide ${check}`, bits);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) return null;
    return mask(kind, `check ${value}`, bits) === check ? Number(value) : null;
  };
  return {
    toBase62: (kind, value) => writeBase62(close(kind, value, 64n)),
    fromBase62: (kind, id) => open(kind, readBase62(id), 64n),
    toUuid: (kind, value) => writeUuid(close(kind, value, 60n)),
    fromUuid: (kind, uuid) => {
      const sealed = readUuid(uuid);
      return sealed === null ? null : open(kind, sealed, 60n);
    },
  };
}

function writeBase62(value: bigint): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < 22; place += 1) {
    text = base62.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

function readBase62(id: string): bigint {
  let value = 0n;
  for (const character of id) value = value * 62n + BigInt(base62.indexOf(character));
  return value;
}

function writeUuid(value: bigint): string {
  const hex = value.toString(16).padStart(30, '0');
  const whole = `${hex.slice(0, 12)}4${hex.slice(12, 15)}a${hex.slice(15)}`;
  return [whole.slice(0, 8), whole.slice(8, 12), whole.slice(12, 16), whole.slice(16, 20), whole.slice(20)].join('-');
}

function readUuid(uuid: string): bigint | null {
  const hex = uuid.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{12}4[0-9a-f]{3}a[0-9a-f]{15}$/.test(hex)) return null;
  return BigInt(`0x${hex.slice(0, 12)}${hex.slice(13, 16)}${hex.slice(17)}`);
}
