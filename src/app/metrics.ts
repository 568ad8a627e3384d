import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricName, type Observe } from '#stream/metrics.ts';

/** Seconds, from a row of known tracks to a batch that waited for its provider; records, from one to a full batch. */
const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const BUCKETS: Readonly<Record<string, number[]>> = {
  linernotes_stage_batch_records: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
};

type Told = (labels: Readonly<Record<string, string>>, value: number) => void;

/** The metrics of this process: everything in `METRICS`, and Node's own. */
export function metrics(): { readonly registry: Registry; readonly observe: Observe } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const told = Object.fromEntries(Object.keys(METRICS).map((name) => [name, register(name as MetricName, registry)]));
  return { registry, observe: (name, labels, value) => told[name]?.(labels, value) };
}

function register(name: MetricName, registry: Registry): Told {
  const { kind, labels, sentence } = METRICS[name];
  const options = { name, help: sentence, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter(options);
    return (given, value) => counter.inc(given, value);
  }
  if (kind === 'gauge') {
    const gauge = new Gauge(options);
    return (given, value) => gauge.set(given, value);
  }
  const histogram = new Histogram({ ...options, buckets: BUCKETS[name] ?? SECONDS });
  return (given, value) => histogram.observe(given, value);
}
