import type { IncomingHttpHeaders } from 'node:http';

const AGENT_WITH_CONTACT = /^\S+\/\S+.*\((.*\S.*)\)/;

const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** The contact that a caller names in its User-Agent, as in `name/1.0 ( me@example.org )`; null without one. */
export const contactOf = (headers: IncomingHttpHeaders): string | null =>
  AGENT_WITH_CONTACT.exec(headers['user-agent'] ?? '')?.[1]?.trim() ?? null;

/**
 * Who calls, by what it shows: the account to which its token was given, the client id of a login, or the contact in its
 * User-Agent; null for a caller that shows nothing. Never a secret.
 */
export function accountOf(headers: IncomingHttpHeaders): string | null {
  const [scheme, shown = ''] = (headers.authorization ?? '').split(' ');
  if (scheme === 'Basic') return decoded(shown).split(':')[0] ?? null;
  const account = scheme === 'Bearer' ? shown.split('.')[5] : undefined;
  return account === undefined ? contactOf(headers) : Buffer.from(account, 'base64url').toString('utf8');
}
