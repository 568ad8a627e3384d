import type { Asking } from '#providers/answer.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import type { FoundRecording, FoundWork } from '#providers/musicbrainz/facts.ts';
import { ok, type Result } from '#stream/result.ts';
import { isrcOf } from '#track/identity.ts';
import { distinctBy } from './distinct.ts';
import { all, heard } from './heard.ts';

/** The recordings of an ISRC with their works; `at` is the moment of the oldest answer. */
export type Context = {
  readonly recordings: readonly FoundRecording[];
  readonly works: readonly FoundWork[];
  readonly at: number;
};

/** Without an ISRC there is nothing to look up, and nothing makes what follows older. */
export const NO_CONTEXT: Context = { recordings: [], works: [], at: Number.POSITIVE_INFINITY };

/** Looks up the recordings that carry the ISRC, and the works of all of them. Fails as the lookups do. */
export async function contextOf(client: MusicBrainzClient, isrc: string, asking: Asking): Promise<Result<Context>> {
  const recordings = heard(await client.recordingsByIsrc(isrcOf(isrc) ?? isrc, asking));
  if (!recordings.ok) return recordings;
  const answers = recordings.value.facts.map(async ({ id }) => heard(await client.worksByRecording(id, asking)));
  const works = all(await Promise.all(answers));
  if (!works.ok) return works;
  return ok({
    recordings: recordings.value.facts,
    // Recordings of one song share its work.
    works: distinctBy(
      works.value.flatMap(({ facts }) => facts),
      ({ id }) => id,
    ),
    at: Math.min(recordings.value.at, ...works.value.map(({ at }) => at)),
  });
}
