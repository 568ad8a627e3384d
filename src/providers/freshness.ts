const DAY = 86_400_000;

/**
 * How long facts count as fresh, in milliseconds, by what they are. The moving ones are measurements; what stands still is asked
 * again to notice corrections. `empty` is for answers that hold nothing.
 */
export const FRESHNESS = {
  spotifyCore: 90 * DAY,
  spotifyPopularity: DAY,
  spotifyAlbum: 180 * DAY,
  spotifyArtists: 7 * DAY,
  spotifyFeatures: Number.POSITIVE_INFINITY,
  spotifyEmpty: DAY,
  /** What an account is not given stays so until it is upgraded. */
  spotifyAccess: 7 * DAY,
  credits: 90 * DAY,
  /** Also for a page that credits nobody yet. */
  creditsEmpty: DAY,
  streams: DAY,
  /** The MLC publishes its data weekly. */
  mlc: 7 * DAY,
  musicbrainz: 30 * DAY,
  musicbrainzEmpty: 7 * DAY,
  chartmetricIds: Number.POSITIVE_INFINITY,
  /** Chartmetric renews its numbers daily: asking more often is waste. */
  chartmetricStatistics: DAY,
  chartmetricProfile: 7 * DAY,
  chartmetricEmpty: 3 * DAY,
} as const;

export type FreshKind = keyof typeof FRESHNESS;

/** By kind, in milliseconds. */
export type Freshness = Readonly<Record<FreshKind, number>>;

/** Whoever is not told otherwise counts with the defaults. */
export const freshnessOf = ({ freshness }: { readonly freshness?: Freshness }): Freshness => freshness ?? FRESHNESS;

/**
 * Whether something fetched then still counts.
 * @param notBefore fetched earlier does not count, however fresh (a forced replay); `null`: age alone decides
 */
export const isFresh = (fetchedAt: number, maxAgeMs: number, now: number, notBefore: number | null): boolean =>
  fetchedAt >= now - maxAgeMs && (notBefore === null || fetchedAt >= notBefore);
