import { z } from 'zod';
import { FRESHNESS, type FreshKind, type Freshness } from '#providers/freshness.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const KINDS = Object.keys(FRESHNESS) as FreshKind[];

const isKind = (name: string): name is FreshKind => (KINDS as readonly string[]).includes(name);

/** `90d`, `12h`, `30m` or `forever` in milliseconds; `null` for anything else. */
function msOf(duration: string): number | null {
  if (duration === 'forever') return Number.POSITIVE_INFINITY;
  const [, count, unit] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * (UNITS[unit] ?? 0);
}

/** The default of a kind as it would be written. */
const written = (ms: number): string => (ms === Number.POSITIVE_INFINITY ? 'forever' : `${ms / (UNITS['d'] ?? 1)}d`);

/** One pair, or what is wrong with it. */
function pairOf(text: string): { readonly kind: FreshKind; readonly ms: number } | string {
  const [kind = '', duration = ''] = text.split('=').map((part) => part.trim());
  if (!isKind(kind)) return `"${kind}" is no kind; say one of ${KINDS.join(', ')}`;
  const ms = msOf(duration);
  return ms === null ? `${kind} is "${duration}"; say a duration such as 90d, 12h, 30m or forever` : { kind, ms };
}

/** The variable `FRESHNESS`: pairs of kind and duration over the defaults. */
export const freshnessVariable = z
  .string()
  .default('')
  .describe(
    `How long facts count before they are asked for again, as \`kind=duration\` pairs separated by commas (\`streams=12h,mlc=30d\`); durations in \`m\`, \`h\`, \`d\`, or \`forever\`. Kinds and their defaults: ${KINDS.map((kind) => `${kind} ${written(FRESHNESS[kind])}`).join(', ')}.`,
  )
  .transform((text, context): Freshness => {
    const pairs = text
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map(pairOf);
    for (const pair of pairs) if (typeof pair === 'string') context.addIssue(pair);
    const given = pairs.flatMap((pair) => (typeof pair === 'string' ? [] : [[pair.kind, pair.ms] as const]));
    return { ...FRESHNESS, ...Object.fromEntries(given) };
  });
