import { type Failure, type FailureCode, failure } from '#stream/failure.ts';

/** Network errors of Chromium by what they say of the provider; others are trouble of this one connection. */
const NETWORK: readonly (readonly [pattern: RegExp, code: FailureCode])[] = [
  [/ERR_(CONNECTION_REFUSED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED)/, 'PROVIDER_DOWN'],
  [/ERR_(CONNECTION_TIMED_OUT|NAME_RESOLUTION_FAILED)/, 'PROVIDER_DOWN'],
  [/ERR_TIMED_OUT/, 'TIMEOUT'],
  // The tab was closed under the page.
  [/ERR_ABORTED/, 'BROWSER'],
  [/net::ERR_/, 'CONNECTION'],
];

/** What an error of the browser means: of the network where it says so, else the browser's or its tab's own. */
export function troubleOfPage(error: unknown, url: string): Failure {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const words = `${url}: ${message.split('\n', 1)[0]?.slice(0, 300)}`;
  if (name === 'TimeoutError') return failure('TIMEOUT', words);
  return failure(NETWORK.find(([pattern]) => pattern.test(message))?.[1] ?? 'BROWSER', words);
}
