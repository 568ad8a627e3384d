import type { Written } from './outputs.ts';
import { traceIdOf } from './trace.ts';
import type { Place, Work } from './work.ts';

/** Counts and logs what was committed, record by record, then the batch. `seconds`: how long its work took. */
export function tellCommitted<In, Out>(
  { stage, ports, tally }: Work<In, Out>,
  all: readonly Written[],
  { lane }: Place,
  seconds: number,
): void {
  const labels = { stage: stage.name, lane };
  const endings = { forwarded: 0, degraded: 0, 'dead-lettered': 0 };
  for (const { record, ending, failure, attempts } of all) {
    endings[ending] += 1;
    tally.ended(lane, ending, failure?.code ?? null);
    ports.log(failure === null ? 'debug' : 'warn', `record.${ending}`, {
      ...labels,
      key: record.key?.toString() ?? null,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      run: record.headers['run-id'] ?? null,
      trace: traceIdOf(record.headers['traceparent'] ?? null),
      attempts,
      code: failure?.code ?? null,
      message: failure?.message ?? null,
    });
  }
  ports.observe('linernotes_stage_batch_records', labels, all.length);
  ports.observe('linernotes_stage_batch_seconds', labels, seconds);
  ports.log('info', 'batch.committed', { ...labels, records: all.length, ...endings, seconds });
}
