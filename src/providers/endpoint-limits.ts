import type { Slot } from './ports.ts';

/** Until when an endpoint that was refused alone is left alone, in milliseconds since the epoch, and why. */
export type EndpointPause = { readonly until: number; readonly reason: string };

/** The endpoints of one account that are left alone while its others are called, as far as this process has heard. */
export type EndpointLimits = {
  /** Takes up what was told; a later moment wins over an earlier one. @returns what is new, as those who wait are answered */
  hear(pauses: Readonly<Record<string, EndpointPause>>): readonly PausedEndpoint[];
  /** The answer to who asks for a slot now, or `null`. */
  answer(endpoint: string | undefined): PausedEndpoint | null;
};

export type PausedEndpoint = Slot & { readonly kind: 'paused' };

/** @param now milliseconds since the epoch */
export function endpointLimits(now: () => number): EndpointLimits {
  const known = new Map<string, EndpointPause>();

  return {
    hear: (pauses) =>
      Object.entries(pauses).flatMap(([endpoint, pause]) => {
        if ((known.get(endpoint)?.until ?? now()) >= pause.until) return [];
        known.set(endpoint, pause);
        return [{ kind: 'paused', endpoint, ...pause }];
      }),
    answer: (endpoint) => {
      const pause = endpoint === undefined ? undefined : known.get(endpoint);
      if (endpoint === undefined || pause === undefined) return null;
      if (pause.until > now()) return { kind: 'paused', endpoint, ...pause };
      known.delete(endpoint);
      return null;
    },
  };
}
