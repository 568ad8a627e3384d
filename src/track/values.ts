import type { z } from 'zod';
import { trackEvent } from './event.ts';
import { latestTrack } from './latest.ts';
import { operation } from './operation.ts';
import { rawTrack } from './raw.ts';
import { LATEST_TOPIC, OPERATIONS_TOPIC, PIPELINE_TOPICS, TOPOLOGY } from './topology.ts';

/** A pipeline topic carries raw tracks before the first phase and track events after it; a replay lane, what its group reads. */
const carried = (topic: string): z.ZodObject => (topic === TOPOLOGY.spotify.from ? rawTrack : trackEvent);

/**
 * What the value of each topic is. A topic's schema is the file `schemas/<topic>-value.avsc`, generated from here.
 * Dead-letter topics are absent: they carry the bytes of the topic where the record failed.
 */
export const TOPIC_VALUES: Readonly<Record<string, z.ZodObject>> = {
  ...Object.fromEntries(PIPELINE_TOPICS.map((topic) => [topic, carried(topic)])),
  ...Object.fromEntries(Object.values(TOPOLOGY).map(({ from, replay }) => [replay, carried(from)])),
  [LATEST_TOPIC]: latestTrack,
  [OPERATIONS_TOPIC]: operation,
};
