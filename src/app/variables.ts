import { z } from 'zod';

/** The kinds of environment variables; each takes its default and what it is, in words. */

export const count = (by: number, doc: string) => z.coerce.number().int().positive().default(by).describe(doc);
export const between = (least: number, most: number, by: number, doc: string) =>
  z.coerce.number().int().min(least).max(most).default(by).describe(doc);

export const port = (by: number, doc: string) => between(0, 65_535, by, doc);
export const text = (doc: string) => z.string().optional().describe(doc);

/** An origin: scheme, host and port, no path, so that a stand-in can take its place. */
export const origin = (by: string, doc: string) =>
  z
    .url({ protocol: /^https?$/, error: 'expected an http or https origin such as https://api.example.org' })
    .refine((url) => new URL(url).pathname === '/', 'expected an origin without a path')
    .transform((url) => new URL(url).origin)
    .default(by)
    .describe(doc);

/** A number and its unit: s, m, h or d. */
export const age = (example: string) => z.string().regex(/^\d{1,6}[smhd]$/, `expected an age such as ${example}`);

export const onOff = (doc: string) => z.enum(['on', 'off']).default('off').describe(doc);
