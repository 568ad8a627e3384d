import type { Headers } from './record.ts';

/** Other systems' names for what our `dl-` headers say, written beside them where somebody reads these. */
export const ALIASES = ['spring', 'connect'] as const;
export type Alias = (typeof ALIASES)[number];

/** Alias to our header. All values are text, also where the other system writes numbers as bytes. */
const NAMES: Readonly<Record<Alias, Readonly<Record<string, string>>>> = {
  spring: {
    'kafka_dlt-original-topic': 'dl-origin-topic',
    'kafka_dlt-original-partition': 'dl-origin-partition',
    'kafka_dlt-original-offset': 'dl-origin-offset',
    'kafka_dlt-original-timestamp': 'dl-origin-timestamp',
    'kafka_dlt-original-consumer-group': 'dl-group',
    'kafka_dlt-exception-fqcn': 'dl-error',
    'kafka_dlt-exception-message': 'dl-error-message',
  },
  connect: {
    '__connect.errors.topic': 'dl-origin-topic',
    '__connect.errors.partition': 'dl-origin-partition',
    '__connect.errors.offset': 'dl-origin-offset',
    '__connect.errors.connector.name': 'dl-group',
    '__connect.errors.exception.class.name': 'dl-error',
    '__connect.errors.exception.message': 'dl-error-message',
  },
};

/** Moments are milliseconds since the epoch there. */
const MOMENTS = new Set(['dl-origin-timestamp']);

/** A dead letter's headers under the names of other systems. */
export const aliasesOf = (headers: Headers, aliases: readonly Alias[]): Headers =>
  Object.fromEntries(
    aliases.flatMap((alias) =>
      Object.entries(NAMES[alias]).map(([name, ours]) => {
        const text = headers[ours] ?? '';
        return [name, MOMENTS.has(ours) ? String(Date.parse(text)) : text];
      }),
    ),
  );
