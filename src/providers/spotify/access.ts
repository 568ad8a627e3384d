/** What this account is given: batches and audio features were taken from newer apps (reference: Web API changes 2024, 2026). */
export type SpotifyProfile = 'extended' | 'legacy-dev' | 'new-dev';

/** A way of asking that an account can be refused for good. */
export type Capability = 'batches' | 'features';

/** How long a refusal counts before it is tried again, so that an upgrade is noticed, and a mistake does not last. */
const REFUSED_MS = 86_400_000;

/** What the account has shown of its access. It is taken to have everything until a refusal says otherwise. */
export type SpotifyAccess = {
  offers(capability: Capability): boolean;
  /** Whether it has been answered this way by now. */
  hasShown(capability: Capability): boolean;
  /** Notes that it was answered this way. */
  answered(capability: Capability): void;
  /** Notes that it was refused this way while the plain way works. */
  refused(capability: Capability): void;
  /** The profile that the ledger's entries carry: the best that nothing speaks against. */
  profile(): SpotifyProfile;
  /** The profile as far as calls have shown it; `null` while they have not. */
  shownProfile(): SpotifyProfile | null;
};

/** @param now milliseconds since the epoch */
export function spotifyAccess(now: () => number): SpotifyAccess {
  const shown = new Set<Capability>();
  const refusedAt = new Map<Capability, number>();

  const offers = (capability: Capability): boolean => now() - (refusedAt.get(capability) ?? 0) > REFUSED_MS;

  const profile = (): SpotifyProfile => {
    if (!offers('batches')) return 'new-dev';
    return offers('features') ? 'extended' : 'legacy-dev';
  };

  return {
    offers,
    hasShown: (capability) => shown.has(capability),
    answered: (capability) => {
      shown.add(capability);
      refusedAt.delete(capability);
    },
    refused: (capability) => {
      refusedAt.set(capability, now());
      shown.delete(capability);
    },
    profile,
    shownProfile: () => {
      const hasShownAll = shown.has('batches') && (shown.has('features') || !offers('features'));
      return hasShownAll || !offers('batches') ? profile() : null;
    },
  };
}
