import { z } from 'zod';
import type { TrackEvent } from '#track/event.ts';

/**
 * The input of every phase but the first. Bytes that the codec reads as an event are one in every respect that zod would look at
 * (a test holds the two together), so there is no second look, which took as long as the reading. Records of strangers come in by
 * `tracks.raw`, and there zod has its say.
 */
export const eventInput: z.ZodType<TrackEvent> = z.custom<TrackEvent>();
