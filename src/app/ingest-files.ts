import { access, constants, readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { IngestedRun } from '#ingest/answer.ts';
import type { Ingest } from '#ingest/ingest.ts';

/** What became of one file. `refused` says why nothing of it was published. */
export type IngestedFile = {
  readonly file: string;
  readonly format: string | null;
  readonly runs: readonly IngestedRun[];
  readonly refused: string | null;
};

/**
 * Ingests files one after the other; one that is bad does not stop the next.
 * @param files paths, or `-` for standard input
 * @throws when broker, registry or database is lost
 */
export async function ingestFiles(
  files: readonly string[],
  ingest: Ingest,
  stdin: Readable = process.stdin,
): Promise<readonly IngestedFile[]> {
  const answers: IngestedFile[] = [];
  for (const file of files) answers.push(await ingestFile(file, ingest, stdin));
  return answers;
}

async function ingestFile(file: string, ingest: Ingest, stdin: Readable): Promise<IngestedFile> {
  const bytes = await bytesOf(file, stdin);
  if (typeof bytes === 'string') return { file, format: null, runs: [], refused: bytes };
  const ingested = await ingest(bytes, file === '-' ? null : basename(file, extname(file)));
  if ('message' in ingested) return { file, format: null, runs: [], refused: ingested.message };
  const { format, runs } = ingested.answer;
  return {
    file,
    format,
    runs,
    refused: ingested.kind === 'nothing_accepted' ? 'No row of it names a track that is taken.' : null,
  };
}

/** The bytes, or why there are none. */
async function bytesOf(file: string, stdin: Readable): Promise<Buffer | string> {
  if (file === '-') return buffer(stdin);
  try {
    return await readFile(file);
  } catch (error) {
    return whyUnread(error);
  }
}

const WHY_UNREAD: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  ENOTDIR: 'There is no such file.',
  EISDIR: 'This is a folder; name the files in it.',
  EACCES: 'The file may not be read by this user.',
};

function whyUnread(error: unknown): string {
  const why = WHY_UNREAD[(error as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) throw error;
  return why;
}

/** Why a file cannot be read at all, or `null`. */
async function whyNothing(file: string): Promise<string | null> {
  if (file === '-') return null;
  try {
    const found = await stat(file);
    if (found.isDirectory()) return WHY_UNREAD['EISDIR'] ?? null;
    await access(file, constants.R_OK);
    return found.isFile() && found.size === 0 ? 'The file is empty.' : null;
  } catch (error) {
    return whyUnread(error);
  }
}

/**
 * Looks at files before anything is started for them.
 * @returns those that cannot be read at all, with why, in sentences; none is good
 */
export async function unreadable(files: readonly string[]): Promise<readonly string[]> {
  const reasons = await Promise.all(files.map(whyNothing));
  return files.flatMap((file, place) => (reasons[place] == null ? [] : [`${file}: ${reasons[place]}`]));
}

/** How many rows left out are named on a terminal; all of them stand in `--json`. */
const NAMED = 20;

/** The answer for people, line by line. */
export function ingestLines({ file, format, runs, refused }: IngestedFile): readonly string[] {
  const head = refused === null ? `${file} (${format})` : `${file}: ${refused}`;
  return [head, ...runs.flatMap(runLines)];
}

function runLines(run: IngestedRun): readonly string[] {
  const { accepted, repeats, skipped, rejected, partial, state } = run;
  const leftOut = [...skipped, ...rejected].sort((a, b) => a.row - b.row);
  return [
    `  ${run.playlist.name ?? run.playlist.id}: ${accepted} tracks accepted, ${repeats} repeats, ${skipped.length} rows skipped, ${rejected.length} rejected${partial ? ' (a part of the playlist)' : ''}`,
    `    run ${run.runId}${state === 'already_published' ? ': this snapshot was ingested before, nothing new was published' : ''}`,
    ...leftOut.slice(0, NAMED).map(({ row, reason, value }) => `    row ${row}: ${reason} ${value}`),
    ...(leftOut.length > NAMED ? [`    … and ${leftOut.length - NAMED} more (--json names all)`] : []),
  ];
}
