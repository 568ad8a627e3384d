import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ReplayRequest, replayRequest } from '#replay/request.ts';

/** A replay's source and way as they stand on a command line. */
export type Asked = {
  readonly ids: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** `true`: the phase itself. */
  readonly force: readonly string[] | true | null;
};

const PASSED = ['playlist', 'run', 'where', 'topic', 'since', 'until', 'offsets', 'phase'] as const;

/**
 * Makes a request of a command line. Ids may stand there, or one a line in a file or on standard input (`-`).
 * @returns the request, or what is wrong with it
 * @throws when the file cannot be read for another reason than that it is not there
 */
export async function requestOf(
  { ids, options, force }: Asked,
  stdin: Readable = process.stdin,
): Promise<ReplayRequest | { readonly wrong: string }> {
  const listed = options['ids'] === undefined ? [] : await idsIn(options['ids'], stdin);
  if ('wrong' in listed) return listed;
  const tracks = [...ids, ...listed];
  const given = {
    ...Object.fromEntries(PASSED.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))),
    ...(tracks.length === 0 ? {} : { tracks }),
    ...(force === null ? {} : { force }),
    ...(options['rate'] === undefined ? {} : { rate: Number(options['rate']) }),
  };
  const read = replayRequest.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return { wrong: `--${String(issue?.path[0] ?? '')}: ${issue?.message ?? 'does not fit'}` };
}

async function idsIn(file: string, stdin: Readable): Promise<readonly string[] | { readonly wrong: string }> {
  try {
    const content = file === '-' ? await text(stdin) : await readFile(file, 'utf8');
    return content.split(/\s+/).filter((word) => word !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { wrong: `--ids: there is no file ${file}.` };
    throw error;
  }
}
