import type { Encode, LogReader, OpenWriter } from '#stream/ports.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import type { RawTrack } from '#track/raw.ts';
import type { IngestStore } from './ports.ts';
import type { Run } from './run.ts';

export type PublishPorts = {
  readonly topic: string;
  readonly openWriter: OpenWriter;
  readonly reader: LogReader;
  readonly encode: Encode;
  readonly ingests: IngestStore;
  /** The headers of a record, from its run and its place in it. */
  readonly headersOf: (runId: string, index: number, track: RawTrack) => Readonly<Record<string, string>>;
  /** Waits a little longer each time, and never as long as somebody else does: two clients must not fence each other for ever. */
  readonly backOff: (attempt: number) => Promise<void>;
};

/** How often a transaction whose end is unknown is looked into and tried again before the caller is told. */
const MAX_TRIES = 5;

/**
 * Publishes a run exactly once. Opening the writer `ingest.<run id>` fences every other attempt at the same run, so from then on
 * this is the only one; the `ingests` row says how far the last one got, and where it says `publishing`, the log itself decides.
 * A crash between any two lines leaves a state from which the next attempt ends the same.
 * @returns whether this call wrote the events, or an earlier one had
 * @throws when the broker, the registry or the database is lost
 */
export async function publish(run: Run, ports: PublishPorts): Promise<'published' | 'already_published'> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const writer = await ports.openWriter(`ingest.${run.runId}`);
    try {
      if (await isPublished(run.runId, ports)) return 'already_published';
      await ports.ingests.begin(run.runId, await ports.reader.ends(ports.topic));
      if ((await writer.commit(recordsOf(run, ports), null)) === 'committed') {
        await ports.ingests.finish(run.runId);
        return 'published';
      }
      // Lost: fenced by a second client, or nobody knows. The next round fences, looks, and knows.
    } finally {
      await writer.close();
    }
    await ports.backOff(attempt);
  }
  throw new Error(
    `Run ${run.runId} could not be published: ${MAX_TRIES} transactions were lost. Is another client publishing it?`,
  );
}

async function isPublished(runId: string, { ingests, reader }: PublishPorts): Promise<boolean> {
  const known = await ingests.find(runId);
  if (known === null) return false;
  if (known.state === 'published') return true;
  for await (const record of reader.read(known.from)) {
    if (record.headers['run-id'] !== runId) continue;
    await ingests.finish(runId);
    return true;
  }
  return false;
}

/** Made one by one as they are sent: a run may have a hundred thousand of them. */
async function* recordsOf(run: Run, { topic, encode, headersOf }: PublishPorts): AsyncGenerator<OutgoingRecord> {
  let index = 0;
  for (const track of run.tracks) {
    const value = await encode(topic, track);
    if (!value.ok) throw new Error(`Track ${track.track} of run ${run.runId}: ${value.failure.message}`);
    const headers = headersOf(run.runId, index, track);
    yield { topic, partition: null, key: Buffer.from(track.track), value: value.value, headers };
    index += 1;
  }
}
