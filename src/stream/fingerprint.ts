import { hash } from 'node:crypto';
import { classOf, type Failure } from './failure.ts';

/** What differs between two failures of one cause: quoted values, links, ids and numbers. */
const VARIABLE = /"[^"]*"|'[^']*'|https?:\/\/\S+|\b(?=\w*\d)\w{6,}\b|\b[0-9A-Za-z]{22}\b|\d+/g;

/**
 * Groups dead letters by cause: equal for failures of one code in one phase whose messages differ in values only.
 * @returns 16 hexadecimal characters
 */
export const fingerprintOf = (phase: string, { code, message }: Failure): string =>
  fingerprintFor({ phase, class: classOf(code), code, message });

/** The same for a failure that somebody else named, with a class and a code of any spelling. */
export function fingerprintFor(cause: { phase: string; class: string; code: string; message: string }): string {
  const shape = cause.message.replaceAll(VARIABLE, '#');
  return hash('sha256', [cause.phase, cause.class, cause.code, shape].join('\n'), 'hex').slice(0, 16);
}
