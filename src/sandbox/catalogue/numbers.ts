/** Albums in the catalogue's world; each has sixteen places for recordings, of which it fills 1 to 16. */
export const albumCount = 291_600_000;
export const placesPerAlbum = 16;
/** Recordings that have a number: 36^3 registrants times 10^5 designations, which is what an ISRC can hold. */
export const recordingSpace = albumCount * placesPerAlbum;
export const artistCount = 10_000;
export const worksPerArtist = 100_000;
export const workSpace = artistCount * worksPerArtist;
export const writerCount = 8_000;
export const publisherCount = 400;
export const publisherGroupCount = 40;

const codeSpace = 36 ** 6;
const codeFactor = 1_234_567_891n;
const codeInverse = inverse(codeFactor, BigInt(codeSpace));

/** ISRC of a recording number with the two digits of its year. `ZZ` is no country, so it never is a real recording's. */
export function toIsrc(recording: number, year: number): string {
  const registrant = Math.floor(recording / 100_000);
  const designation = recording % 100_000;
  return `ZZ${base36(registrant, 3)}${String(year % 100).padStart(2, '0')}${String(designation).padStart(5, '0')}`;
}

/** The recording number and year digits in an ISRC made here; null for any other. */
export function fromIsrc(isrc: string): { recording: number; year: number } | null {
  const parts = /^ZZ([A-Z0-9]{3})(\d{2})(\d{5})$/.exec(isrc);
  if (parts === null) return null;
  return { recording: Number.parseInt(parts[1] ?? '', 36) * 100_000 + Number(parts[3]), year: Number(parts[2]) };
}

/** The MLC song code (six characters) of a work; `registration` 1 is its second, duplicate registration. */
export function toSongCode(work: number, registration: 0 | 1): string {
  const scattered = (BigInt(work * 2 + registration) * codeFactor) % BigInt(codeSpace);
  return base36(Number(scattered), 6);
}

/** The work a song code stands for; null for a code that no work has. */
export function fromSongCode(code: string): { work: number; registration: 0 | 1 } | null {
  if (!/^[A-Z0-9]{6}$/.test(code)) return null;
  const value = Number((BigInt(Number.parseInt(code, 36)) * codeInverse) % BigInt(codeSpace));
  if (value >= workSpace * 2) return null;
  return { work: Math.floor(value / 2), registration: value % 2 === 0 ? 0 : 1 };
}

/** ISWC with its check digit (ISO 15707) of a work number below 10^9. */
export function toIswc(work: number): string {
  const digits = String(work).padStart(9, '0');
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index + 1), 1);
  return `T-${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6)}-${(10 - (sum % 10)) % 10}`;
}

/** IPI name number of a writer, eleven digits with leading zeros as registries print it. */
export const writerIpi = (writer: number): string => String(100_000_000 + writer * 104_729).padStart(11, '0');

/** The writer an IPI name number belongs to; null when it is no writer's here. */
export function writerOfIpi(ipi: string): number | null {
  const writer = (Number(ipi) - 100_000_000) / 104_729;
  return Number.isInteger(writer) && writer >= 0 && writer < writerCount ? writer : null;
}

export const publisherIpi = (publisher: number): string => String(50_000_000 + publisher * 104_729).padStart(11, '0');

const chartmetricFirst = 10_000_001;
export const toChartmetricId = (recording: number): number => recording + chartmetricFirst;
export const fromChartmetricId = (id: number): number | null => {
  const recording = id - chartmetricFirst;
  return Number.isInteger(recording) && recording >= 0 && recording < recordingSpace ? recording : null;
};

function base36(value: number, width: number): string {
  return value.toString(36).toUpperCase().padStart(width, '0');
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [oldRest, rest] = [value % modulus, modulus];
  let [oldFactor, factor] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = oldRest / rest;
    [oldRest, rest] = [rest, oldRest - quotient * rest];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  return ((oldFactor % modulus) + modulus) % modulus;
}
