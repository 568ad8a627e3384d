/** What an `Authorization: Bearer` header is worth. */
export type TokenVerdict = 'good' | 'missing' | 'invalid' | 'expired';

/** Gives out and checks bearer tokens that carry their own end, so that a restart of the sandbox keeps them good. */
export type Tokens = {
  /** A token of a kind (`access`, `id`, …) that is good for `seconds` from `now` (milliseconds since 1970). */
  issue(kind: string, seconds: number, now: number): string;
  check(authorization: string | undefined, kind: string, now: number): TokenVerdict;
  /** Ends every token given out so far. */
  expire(now: number): void;
};

/** Makes the tokens of a provider; they name the account to which they were given, never its secret. */
export function tokensOf(provider: string, account: string): Tokens {
  let notBefore = 0;
  const holder = Buffer.from(account).toString('base64url');
  return {
    issue: (kind, seconds, now) => ['sandbox', provider, kind, now, now + seconds * 1000, holder].join('.'),
    check: (authorization, kind, now) => {
      if (authorization === undefined) return 'missing';
      const [scheme, token] = authorization.split(' ');
      const [sandbox, name, ofKind, issued, ends] = (token ?? '').split('.');
      const known = scheme === 'Bearer' && sandbox === 'sandbox' && name === provider && ofKind === kind;
      if (!known) return 'invalid';
      return Number(ends) > now && Number(issued) >= notBefore ? 'good' : 'expired';
    },
    expire: (now) => {
      notBefore = now + 1;
    },
  };
}
