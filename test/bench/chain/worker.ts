import { configOf } from '#app/config.ts';
import { addressesOf, connect } from '#app/connect.ts';
import { metrics } from '#app/metrics.ts';
import { drainAll } from '#app/worker.ts';
import { startWorkers } from '#app/workers.ts';
import type { Observe } from '#stream/metrics.ts';
import { sendSamples } from '#test/bench/support/samples.ts';
import { PHASES } from '#track/phase.ts';

/** The process under test: all five stages as in production, and a count of what they committed. */

const read = configOf(process.env);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const addresses = addressesOf(read.config);
if ('problems' in addresses) throw new Error(JSON.stringify(addresses.problems));

const connections = await connect(read.config, addresses, 'bench');
const told = metrics();
const done: Record<string, number> = {};
const observe: Observe = (name, labels, value) => {
  told.observe(name, labels, value);
  const { stage = '' }: { readonly stage?: string } = labels;
  if (name === 'linernotes_stage_records_total') done[stage] = (done[stage] ?? 0) + value;
};
const started = PHASES.map((phase) => startWorkers(phase, read.config, connections, { ...told, observe }));
const workers = (await Promise.all(started)).flat();
for (const worker of workers) {
  worker.ended.catch((error: unknown) => {
    process.stderr.write(`${worker.name} failed: ${String(error)}\n`);
    process.exit(1);
  });
}
sendSamples(done, async () => {
  await drainAll(workers, read.config.DRAIN_DEADLINE_MS, connections.log);
  await connections.close();
});
