import { hash } from 'node:crypto';
import { classOf, type Failure } from './failure.ts';

/** What differs between two failures of one cause: quoted values, links, ids and numbers. */
const VARIABLE = /"[^"]*"|'[^']*'|https?:\/\/\S+|\b(?=\w*\d)\w{6,}\b|\b[0-9A-Za-z]{22}\b|\d+/g;

/**
 * Groups dead letters by cause: equal for failures of one code in one phase whose messages differ in values only.
 * @returns 16 hexadecimal characters
 */
export function fingerprintOf(phase: string, { code, message }: Failure): string {
  const shape = message.replaceAll(VARIABLE, '#');
  return hash('sha256', [phase, classOf(code), code, shape].join('\n'), 'hex').slice(0, 16);
}
