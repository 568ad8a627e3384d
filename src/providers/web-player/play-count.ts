const SEPARATORS = ",.'\u2019\\s";
const WHOLE = new RegExp(`^\\d{1,3}(?:[${SEPARATORS}]\\d{2,3})*[${SEPARATORS}]\\d{3}$|^\\d+$`);
const ABBREVIATED = /^(\d+)(?:[.,](\d{1,3}))?\s?([KMB])$/i;
const DIGITS_AFTER = { K: 3, M: 6, B: 9 } as const;
/** A figure, and words around it as in "1,234 plays"; two figures are no count. */
const FIGURE = new RegExp(`^[^\\d]*?(\\d(?:[\\d${SEPARATORS}]*\\d)?(?:\\s?[KMB](?![a-z]))?)[^\\d]*$`, 'i');

const isUnit = (letter: string): letter is keyof typeof DIGITS_AFTER => letter in DIGITS_AFTER;

function abbreviated(figure: string): number | null {
  const [, whole, decimals = '', letter = ''] = ABBREVIATED.exec(figure) ?? [];
  const unit = letter.toUpperCase();
  if (whole === undefined || !isUnit(unit)) return null;
  return Number(whole + decimals.padEnd(DIGITS_AFTER[unit], '0'));
}

/**
 * Reads a count as a page shows it, in any grouping of thousands: `,` `.` `'` space, also the no-break and the narrow one.
 * K, M and B only where the page abbreviates.
 * @returns `null` for anything that is not one whole count; never a guess from other digits nearby
 */
export function playCountIn(text: string): number | null {
  const figure = FIGURE.exec(text.trim())?.[1];
  if (figure === undefined) return null;
  const count = WHOLE.test(figure) ? Number(figure.replaceAll(/\D/g, '')) : abbreviated(figure);
  return count !== null && Number.isSafeInteger(count) ? count : null;
}
