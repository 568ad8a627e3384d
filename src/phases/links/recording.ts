import type { Asking } from '#providers/answer.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import type { FoundRecording, FoundWork } from '#providers/musicbrainz/facts.ts';
import { ok, type Result } from '#stream/result.ts';
import { isrcOf } from '#track/identity.ts';
import { distinctBy } from './distinct.ts';
import { all, type Heard, heard } from './heard.ts';

/**
 * The recordings of a track with their works; `at` is the moment of the oldest answer. `isrcs` are those of the recordings where an
 * ISRC did not lead to them.
 */
export type Context = {
  readonly recordings: readonly FoundRecording[];
  readonly isrcs: readonly string[];
  readonly works: readonly FoundWork[];
  readonly at: number;
};

/** Looks up the recordings that carry the ISRC, and the works of all of them. Fails as the lookups do. */
export async function contextOf(client: MusicBrainzClient, isrc: string, asking: Asking): Promise<Result<Context>> {
  const recordings = heard(await client.recordingsByIsrc(isrcOf(isrc) ?? isrc, asking));
  return recordings.ok ? withWorks(client, recordings.value, [], asking) : recordings;
}

/**
 * The same for a track without ISRC: the recordings to which MusicBrainz links the track's page at Spotify, and their ISRCs.
 * Fails as the lookups do.
 */
export async function contextOfTrack(
  client: MusicBrainzClient,
  trackId: string,
  asking: Asking,
): Promise<Result<Context>> {
  const linked = heard(await client.recordingsByTrack(trackId, asking));
  if (!linked.ok) return linked;
  const answers = linked.value.facts.map(async (mbid) => heard(await client.recordingsById(mbid, asking)));
  const recordings = all(await Promise.all(answers));
  if (!recordings.ok) return recordings;
  const facts = recordings.value.flatMap((one) => one.facts);
  const at = Math.min(linked.value.at, ...recordings.value.map((one) => one.at));
  const isrcs = [...new Set(facts.flatMap((one) => one.isrcs))];
  return withWorks(client, { facts, at }, isrcs, asking);
}

async function withWorks(
  client: MusicBrainzClient,
  recordings: Heard<FoundRecording>,
  isrcs: readonly string[],
  asking: Asking,
): Promise<Result<Context>> {
  const answers = recordings.facts.map(async ({ id }) => heard(await client.worksByRecording(id, asking)));
  const works = all(await Promise.all(answers));
  if (!works.ok) return works;
  return ok({
    recordings: recordings.facts,
    isrcs,
    // Recordings of one song share its work.
    works: distinctBy(
      works.value.flatMap(({ facts }) => facts),
      ({ id }) => id,
    ),
    at: Math.min(recordings.at, ...works.value.map(({ at }) => at)),
  });
}
