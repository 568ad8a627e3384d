import { configOf } from '#app/config.ts';
import { addressesOf, connect } from '#app/connect.ts';
import { metrics } from '#app/metrics.ts';
import { drainAll } from '#app/worker.ts';
import { startWorkers } from '#app/workers.ts';
import { sendSamples } from '#test/bench/support/samples.ts';

/** The process under test: the projector as in production, and a count of the records that its checkpoints are behind. */

const EVERY_MS = 250;

const read = configOf(process.env);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const addresses = addressesOf(read.config);
if ('problems' in addresses) throw new Error(JSON.stringify(addresses.problems));

const connections = await connect(read.config, addresses, 'bench');
const done: Record<string, number> = { applied: 0 };
const workers = await startWorkers('projector', read.config, connections, metrics());
for (const worker of workers) {
  worker.ended.catch((error: unknown) => {
    process.stderr.write(`${worker.name} failed: ${String(error)}\n`);
    process.exit(1);
  });
}
const look = setInterval(async () => {
  const { rows } = await connections.pool.query<{ applied: number }>(
    'select coalesce(sum(next_offset), 0)::bigint as applied from linernotes.checkpoints',
  );
  done['applied'] = rows[0]?.applied ?? 0;
}, EVERY_MS);
sendSamples(done, async () => {
  clearInterval(look);
  await drainAll(workers, read.config.DRAIN_DEADLINE_MS, connections.log);
  await connections.close();
});
