import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { schemaTopic } from '#app/letters/open-letter.ts';
import { providersOf, sharedPorts } from '#app/providers.ts';
import { rehearse } from '#app/replay/rehearse.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { stagesOf } from '#phases/stages.ts';
import { rehearsal, type Wanted } from '#providers/rehearsal.ts';
import { eventOf, type TrackEvent, trackEvent } from '#track/event.ts';
import type { PhaseName } from '#track/phase.ts';
import { rawTrack } from '#track/raw.ts';
import { TOPOLOGY } from '#track/topology.ts';

const noReader = async () => {
  throw new Error('A dry run reads no pages.');
};

/** What a redrive would ask of the providers, told by the phases themselves over the ledger as it is. Nobody is asked. */
export type CallCount = {
  /** Takes letters of one phase that would be sent, with the values they would be sent with. */
  add(phase: PhaseName, values: readonly unknown[]): Promise<void>;
  told(): readonly Wanted[];
};

/** @param now milliseconds since the epoch */
export function countCalls(connections: Connections, config: Config, now: number, signal: AbortSignal): CallCount {
  const counting = rehearsal();
  const ports = { ...sharedPorts(config, connections), rehearsal: counting };
  const clients = providersOf(config, ports, config.CREDITS_SCRAPE === 'on' ? noReader : null);
  const stages = stagesOf(clients, { pace: { ...PACE, freshness: config.FRESHNESS }, writers: config.MAX_WRITERS });
  return {
    async add(phase, values) {
      const events = values.flatMap((value) => eventIn(phase, value) ?? []);
      await rehearse(
        stages,
        events,
        { selection: { kind: 'tracks', ids: [] }, phase, force: [], rate: null },
        now,
        signal,
      );
    },
    told: counting.told,
  };
}

/** What cannot be read fails again without anybody being asked. */
function eventIn(phase: PhaseName, value: unknown): TrackEvent | null {
  if (phase !== 'spotify') return trackEvent.safeParse(value).data ?? null;
  const raw = rawTrack.safeParse(value).data;
  return raw === undefined ? null : eventOf(raw.track, raw);
}

/** The topic whose schema a value that is sent to the phase has: what a map made has today's. */
export const valueTopic = (letter: LetterItem, isMapped: boolean): string =>
  isMapped ? TOPOLOGY[letter.phase].replay : schemaTopic(letter);
