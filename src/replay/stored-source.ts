import { OPERATIONS_TOPIC } from '#track/topology.ts';
import { replayedEvent } from './event.ts';
import type { KnownTracks, ReplaySource } from './ports.ts';
import { noteOf, sentBy } from './progress.ts';
import type { StoredSelection } from './selection.ts';

/** These selections stand on no topic of their own: their place is kept beside the operation that began them. */
const PLACE = { topic: OPERATIONS_TOPIC, partition: 0 };

/**
 * Tracks of the read model in the order of their ids, each once: the place is the last id, so tracks that come to match or cease to
 * while the replay goes on change nothing of what was sent.
 * @param startedAt milliseconds since the epoch
 */
export function storedSource(selection: StoredSelection, startedAt: number, known: KnownTracks): ReplaySource {
  return {
    partitions: [PLACE],
    async next([place], most) {
      const { sent, last } = sentBy(place);
      const states = await known.selected(selection, startedAt, { after: last, limit: most });
      const end = states.at(-1)?.trackId;
      if (end === undefined) return null;
      const chosen = states.flatMap((state) => {
        const event = replayedEvent(state);
        return event === null ? [] : [{ origin: state.trackId, event }];
      });
      const total = sent + chosen.length;
      return { chosen, next: { ...PLACE, offset: total, note: noteOf({ sent: total, last: end }) } };
    },
    close: async () => undefined,
  };
}
