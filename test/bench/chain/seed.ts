import { type KafkaBroker, kafkaBroker } from '#adapters/kafka/broker.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import type { BenchPlatform } from '#test/bench/support/platform.ts';
import type { RawTrack } from '#track/raw.ts';

const AT_ONCE = 500;
const silent = (): void => undefined;
export const silentLog = { debug: silent, info: silent, warn: silent, error: silent };

export const benchBroker = ({ brokers }: BenchPlatform): KafkaBroker =>
  kafkaBroker({ brokers, clientId: 'bench', log: silentLog });

/**
 * Puts tracks on a topic, in batches that fit a request.
 * @returns how many bytes an event has on average
 */
export async function seed(
  platform: BenchPlatform,
  topics: readonly string[],
  count: number,
  trackOf: (n: number) => RawTrack,
): Promise<number> {
  const broker = benchBroker(platform);
  const codec = registryCodec({ url: platform.registryUrl, log: silentLog });
  let bytes = 0;
  const recordOf = async (n: number) => {
    const track = trackOf(n);
    const value = await codec.encode('tracks.raw', track);
    if (!value.ok) throw new Error(value.failure.message);
    bytes += value.value.length;
    return { partition: null, key: Buffer.from(track.track), value: value.value, headers: { 'run-id': track.runId } };
  };
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    const records = await Promise.all(Array.from({ length: size }, (_, n) => recordOf(from + n)));
    for (const topic of topics) await broker.produce(records.map((record) => ({ ...record, topic })));
  }
  await broker.close();
  return bytes / count;
}
