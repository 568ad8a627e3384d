import { hash } from 'node:crypto';

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C `traceparent` of the next hop: the trace goes on with a span of its own. Ids are drawn from the event id, so the same
 * work done again bears the same span; a missing or malformed parent starts a sampled trace.
 * @param parent the input's `traceparent`, or `null`
 * @param eventId the id of the event that is written
 */
export function nextHop(parent: string | null, eventId: string): string {
  const [, trace, flags] = TRACEPARENT.exec(parent ?? '') ?? [];
  const drawn = hash('sha256', eventId, 'hex');
  return `00-${trace ?? drawn.slice(0, 32)}-${drawn.slice(32, 48)}-${flags ?? '01'}`;
}

/** The trace id within a `traceparent`, or `null`. */
export const traceIdOf = (traceparent: string | null): string | null =>
  TRACEPARENT.exec(traceparent ?? '')?.[1] ?? null;
