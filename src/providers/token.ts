import { ok, type Result } from '#stream/result.ts';

/** A bearer token and how long it is good for. */
export type FreshToken = { readonly token: string; readonly expiresInMs: number };

/** Where calls get their bearer token. */
export type TokenSource = {
  /** The token to send now. Many callers, one request for a token. */
  current(): Promise<Result<string>>;
  /** The provider refused this token: the next `current` fetches another, unless somebody has already. */
  refused(token: string): void;
};

/**
 * Keeps one token: fetched when first needed, by one caller for all, again `earlyMs` before it expires.
 * A failed fetch is told to all who wait and not remembered.
 * @param fetchToken asks the provider for a new token
 */
export function tokenSource(
  fetchToken: () => Promise<Result<FreshToken>>,
  now: () => number,
  earlyMs = 60_000,
): TokenSource {
  let held: { readonly token: string; readonly goodUntil: number } | null = null;
  let flight: Promise<Result<string>> | null = null;

  const renew = async (): Promise<Result<string>> => {
    const asked = now();
    const fresh = await fetchToken();
    if (!fresh.ok) return fresh;
    held = { token: fresh.value.token, goodUntil: asked + fresh.value.expiresInMs - earlyMs };
    return ok(fresh.value.token);
  };

  return {
    current: async () => {
      if (held !== null && now() < held.goodUntil) return ok(held.token);
      flight ??= renew().finally(() => {
        flight = null;
      });
      return flight;
    },
    refused: (token) => {
      if (held?.token === token) held = null;
    },
  };
}
