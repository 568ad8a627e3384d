import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { prepareBeside } from '#adapters/postgres/prepare.ts';
import type { Connections } from '#app/connect.ts';
import { forgottenIn } from '#app/topics/forgotten.ts';
import { withConnections } from '#app/with-connections.ts';
import { type RebuildOrder, rebuild } from './rebuild.ts';
import type { Rebuilt, Refused } from './verdict.ts';

const TELL_MS = 2_000;

type Telling = { readonly say: (line: string) => void; readonly signal: AbortSignal };

/**
 * Runs a rebuild with the connections that the environment names, and tells how far it is every few seconds. A live read model of
 * another layout stays until it is replaced.
 * @returns the answer, or every problem of the configuration
 * @throws as `rebuild` does
 */
export const runRebuild = (env: Readonly<Record<string, string | undefined>>, order: RebuildOrder, telling: Telling) =>
  withConnections(env, 'rebuild', (connections) => rebuildOn(order, connections, telling), prepareBeside);

async function rebuildOn(
  order: RebuildOrder,
  { addresses, broker, codec, pool, log }: Connections,
  { say, signal }: Telling,
): Promise<Rebuilt | Refused> {
  const admin = kafkaAdmin({ brokers: addresses.brokers, clientId: 'linernotes-rebuild', log });
  let toldAt = performance.now();
  const progress = (applied: number, all: number): void => {
    if (performance.now() - toldAt < TELL_MS) return;
    toldAt = performance.now();
    say(`${applied.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} offsets`);
  };
  const forgotten = () => forgottenIn(admin);
  try {
    return await rebuild(order, {
      pool,
      reader: broker.reader,
      decode: codec.decode,
      forgotten,
      say,
      progress,
      signal,
    });
  } finally {
    await admin.close();
  }
}
