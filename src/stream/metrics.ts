/**
 * Every metric of the engine and of the calls to providers, with its sentence. `docs/metrics.md` is generated from here and the metrics server registers
 * exactly these. Counters are added to, gauges are set, histograms observe.
 */
export const METRICS = {
  linernotes_stage_read_total: {
    kind: 'counter',
    labels: ['stage', 'lane'],
    sentence: 'Records taken into work. Equals records_total over all outcomes, plus returned_total, plus in_flight.',
  },
  linernotes_stage_records_total: {
    kind: 'counter',
    labels: ['stage', 'lane', 'outcome'],
    sentence: 'Records settled and committed, by outcome: forwarded, degraded or dead-lettered.',
  },
  linernotes_stage_returned_total: {
    kind: 'counter',
    labels: ['stage', 'lane'],
    sentence: 'Records given back unsettled: the partition was lost, the commit was lost, or the process drained.',
  },
  linernotes_stage_in_flight: {
    kind: 'gauge',
    labels: ['stage', 'lane'],
    sentence: 'Records taken into work and not yet settled or given back.',
  },
  linernotes_stage_failures_total: {
    kind: 'counter',
    labels: ['stage', 'lane', 'code'],
    sentence: 'Dead letters written, by failure code.',
  },
  linernotes_stage_retries_total: {
    kind: 'counter',
    labels: ['stage', 'lane', 'code'],
    sentence: 'Messages that were tried again in place, by the code of the failure before.',
  },
  linernotes_stage_halvings_total: {
    kind: 'counter',
    labels: ['stage', 'lane'],
    sentence: 'Batches cut in two because the handler threw or gave the wrong number of outcomes.',
  },
  linernotes_stage_suspicions_total: {
    kind: 'counter',
    labels: ['stage', 'lane'],
    sentence: 'Batches worked record by record because the process died on them before.',
  },
  linernotes_stage_pauses_total: {
    kind: 'counter',
    labels: ['stage'],
    sentence: 'Pauses begun because the provider does not serve anybody.',
  },
  linernotes_stage_paused: {
    kind: 'gauge',
    labels: ['stage'],
    sentence: '1 while the stage is paused, else 0.',
  },
  linernotes_stage_probes_total: {
    kind: 'counter',
    labels: ['stage', 'answer'],
    sentence: 'Attempts let through during a pause or a bypass to see whether trouble is over: answered or refused.',
  },
  linernotes_stage_bypasses_total: {
    kind: 'counter',
    labels: ['stage'],
    sentence: 'Bypasses begun because records failed one after another by one cause.',
  },
  linernotes_stage_bypassing: {
    kind: 'gauge',
    labels: ['stage'],
    sentence: '1 while events go past the stage as failed, else 0. Alarm on it.',
  },
  linernotes_stage_halted: {
    kind: 'gauge',
    labels: ['stage'],
    sentence: '1 when the stage is halted until an operator resumes it, else 0. Alarm on it.',
  },
  linernotes_stage_commits_lost_total: {
    kind: 'counter',
    labels: ['stage', 'lane'],
    sentence: 'Commits that did not take effect, or of which that cannot be known; their batch is worked again.',
  },
  linernotes_stage_batch_records: {
    kind: 'histogram',
    labels: ['stage', 'lane'],
    sentence: 'Records in one commit.',
  },
  linernotes_stage_batch_seconds: {
    kind: 'histogram',
    labels: ['stage', 'lane'],
    sentence: 'Seconds from taking a batch into work to its commit.',
  },
  linernotes_latest_published_total: {
    kind: 'counter',
    labels: [],
    sentence: 'Values written to tracks.latest, tombstones among them.',
  },
  linernotes_latest_waiting: {
    kind: 'gauge',
    labels: [],
    sentence: 'Tracks that changed since tracks.latest was told, as the process that publishes sees it.',
  },
  linernotes_latest_oldest_seconds: {
    kind: 'gauge',
    labels: [],
    sentence: 'For how long the oldest of these has waited. Alarm on it.',
  },
  linernotes_latest_refused: {
    kind: 'gauge',
    labels: [],
    sentence: 'Tracks whose row can be no value of tracks.latest: too large, or a bug. The log says which.',
  },
  linernotes_provider_answers_total: {
    kind: 'counter',
    labels: ['provider', 'kind'],
    sentence: 'Answers of a provider that were held against their shape.',
  },
  linernotes_provider_mismatches_total: {
    kind: 'counter',
    labels: ['provider', 'kind', 'field'],
    sentence:
      'Fields of such answers that were not as agreed: the rate against answers_total is the drift of the provider.',
  },
} as const satisfies Record<string, Metric>;

type Metric = {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly sentence: string;
};

export type MetricName = keyof typeof METRICS;

/** Tells a metric. The adapter adds to counters, sets gauges and observes histograms. */
export type Observe = <Name extends MetricName>(
  metric: Name,
  labels: Readonly<Record<(typeof METRICS)[Name]['labels'][number], string>>,
  value: number,
) => void;
