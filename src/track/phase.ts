import { z } from 'zod';

/** The steps of enrichment, in the order in which an event passes them. Names, never numbers. */
export const PHASES = ['spotify', 'credits', 'publishing', 'links', 'analytics'] as const;

export const phaseName = z.enum(PHASES);

export type PhaseName = (typeof PHASES)[number];
