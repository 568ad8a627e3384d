import { registryCodec } from '#adapters/registry/source.ts';
import type { BenchPlatform } from '#test/bench/support/platform.ts';
import type { TrackEvent } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import { benchBroker, silentLog } from './seed.ts';

export type Verified = {
  readonly events: number;
  readonly tracks: number;
  /** Reports that say something else than `known`, by phase and status. */
  readonly others: Readonly<Record<string, number>>;
};

/** Reads `tracks.complete` from the beginning, committed records only, and counts what stands there. */
export async function verifyComplete(platform: BenchPlatform): Promise<Verified> {
  const broker = benchBroker(platform);
  const codec = registryCodec({ url: platform.registryUrl, log: silentLog });
  const ends = await broker.reader.ends('tracks.complete');
  const ids = new Set<string>();
  const others: Record<string, number> = {};
  let events = 0;
  for await (const record of broker.reader.read(ends.map((end) => ({ ...end, offset: 0 })))) {
    const decoded = await codec.decode('tracks.complete', record.value);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    const event = decoded.value as TrackEvent;
    events += 1;
    ids.add(event.trackId);
    for (const phase of PHASES) {
      const status = event.reports[phase]?.status ?? 'none';
      if (status !== 'known') others[`${phase} ${status}`] = (others[`${phase} ${status}`] ?? 0) + 1;
    }
  }
  await broker.close();
  return { events, tracks: ids.size, others };
}
