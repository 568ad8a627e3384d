import type { IngestAnswer, Ingested, IngestedRun } from './answer.ts';
import { type PublishPorts, publish } from './publish.ts';
import { readPlaylistFile } from './read.ts';
import { type Run, runOf } from './run.ts';
import { type WithdrawnAmong, withoutWithdrawn } from './withdrawn-rows.ts';

export type IngestLimits = {
  /** Largest file in bytes. */
  readonly maxBytes: number;
  /** Most rows of one file, over all its playlists. */
  readonly maxRows: number;
};

export type IngestOptions = {
  readonly limits: IngestLimits;
  readonly clock: () => Promise<number>;
  readonly withdrawn: WithdrawnAmong;
  readonly publishing: PublishPorts;
};

/** Takes a playlist file: `name` is what the playlist is called when the file does not say. */
export type Ingest = (bytes: Uint8Array, name: string | null) => Promise<Ingested>;

/**
 * The door by which files and requests become runs.
 * @returns a function that never throws for bad input; it throws when the broker, the registry or the database is lost
 */
export function ingestion({ limits, clock, withdrawn, publishing }: IngestOptions): Ingest {
  return async function ingest(bytes, name) {
    if (bytes.length > limits.maxBytes)
      return tooLarge(`${bytes.length} bytes`, `${limits.maxBytes} bytes`, 'INGEST_MAX_BYTES');
    const read = readPlaylistFile(bytes);
    if ('unreadable' in read) return { kind: 'unreadable', message: read.unreadable };
    const rows = read.playlists.reduce((sum, playlist) => sum + playlist.rows.length, 0);
    if (rows > limits.maxRows) return tooLarge(`${rows} rows`, `${limits.maxRows} rows`, 'INGEST_MAX_ROWS');
    const now = await clock();
    const runs: IngestedRun[] = [];
    for (const playlist of await withoutWithdrawn(read.playlists, withdrawn))
      runs.push(await published(runOf(playlist, name, now), publishing));
    const answer: IngestAnswer = { format: read.format, runs };
    return { kind: runs.some(({ accepted }) => accepted > 0) ? 'answered' : 'nothing_accepted', answer };
  };
}

async function published(run: Run, ports: PublishPorts): Promise<IngestedRun> {
  if (run.summary.accepted === 0) return { ...run.summary, state: 'nothing_accepted' };
  return { ...run.summary, state: await publish(run, ports) };
}

const tooLarge = (given: string, limit: string, variable: string): Ingested => ({
  kind: 'too_large',
  message: `The file has ${given}; at most ${limit} are taken at once. Split it, or raise ${variable}.`,
});
