/** What this account is given: batches and audio features were taken from newer apps (reference: Web API changes 2024, 2026). */
export type SpotifyProfile = 'extended' | 'legacy-dev' | 'new-dev';

/**
 * What the account has shown of its access. It is taken to have everything until the first 403 says otherwise, for as long as
 * the process lives: an upgrade is noticed by the next start.
 */
export type SpotifyAccess = {
  readonly batches: () => boolean;
  readonly features: () => boolean;
  readonly profile: () => SpotifyProfile;
  refuseBatches(): void;
  refuseFeatures(): void;
};

export function spotifyAccess(): SpotifyAccess {
  let batches = true;
  let features = true;
  return {
    batches: () => batches,
    features: () => features,
    profile: () => {
      if (!batches) return 'new-dev';
      return features ? 'extended' : 'legacy-dev';
    },
    refuseBatches: () => {
      batches = false;
    },
    refuseFeatures: () => {
      features = false;
    },
  };
}
