import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaBroker } from '#adapters/kafka/broker.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import { deadLetterOf } from '#stream/dead-letter.ts';
import { failure } from '#stream/failure.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import { TOPOLOGY } from '#track/topology.ts';
import type { Pipeline } from './pipeline.ts';
import type { Child } from './processes.ts';
import { solidTracks } from './solid-tracks.ts';
import { AT, aRawTrack } from './tracks.ts';
import { within } from './within.ts';

// Dead letters of three causes at the first phase, one of which a map can mend; the redrive of it is killed twice on its way.

const { group, replay } = TOPOLOGY.spotify;
const PARTITIONS = 6;
const BROKEN = 'broken:';
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export type Trial = {
  /** Letters by cause as `groups` told it before. */
  readonly groups: readonly { readonly code: string; readonly letters: number }[];
  /** Letters of the cause that was redriven. */
  readonly chosen: number;
  /** How far the redrive was when it was killed. */
  readonly killedAt: readonly number[];
  /** What the last start told. */
  readonly ended: { readonly kind: string; readonly redriven: number };
  /** Of the letters of the cause: sent more than once, and never. Of other causes: sent at all. */
  readonly repeated: number;
  readonly missing: number;
  readonly strangers: number;
  /** Tracks of the cause whose phase ended `enriched`. */
  readonly enriched: number;
  /** Ends that a second redrive of the selection had: none. */
  readonly second: readonly unknown[];
  /** Most letters that were sent in any second. */
  readonly mostInASecond: number;
  /** From the first start to the last end, both deaths and the starts between included. */
  readonly seconds: number;
};

type Cause = { readonly code: 'NO_TRACK_ID' | 'UNDECODABLE' | 'TIMEOUT'; readonly message: string };
const CAUSES: readonly Cause[] = [
  { code: 'NO_TRACK_ID', message: 'it names no Spotify track' },
  { code: 'UNDECODABLE', message: 'no Avro' },
  { code: 'TIMEOUT', message: 'no answer' },
];

/** The n-th letter is of the (n mod 3)-th cause. */
async function lettersOf(pipeline: Pipeline, ids: readonly string[]): Promise<readonly OutgoingRecord[]> {
  const codec = registryCodec({ url: pipeline.services.schemaRegistryUrl, log });
  return Promise.all(
    ids.map(async (id, n) => {
      const { code, message } = CAUSES[n % CAUSES.length] ?? { code: 'TIMEOUT', message: '' };
      const track = code === 'NO_TRACK_ID' ? `${BROKEN}${id}` : id;
      const encoded = await codec.encode('tracks.raw', aRawTrack({ track, isrc: null, runId: 'trial' }));
      if (!encoded.ok) throw new Error(encoded.failure.message);
      const value = code === 'UNDECODABLE' ? Buffer.from(`junk ${n}`) : encoded.value;
      const at = { topic: 'tracks.raw', partition: n % PARTITIONS, offset: Math.floor(n / PARTITIONS) };
      const record = { ...at, timestamp: AT, key: Buffer.from(id), value, headers: { 'run-id': 'trial' } };
      const trouble = { attempts: 1, firstFailedAt: AT, lastFailedAt: AT };
      return deadLetterOf(
        { record, failure: failure(code, message), trouble, forwarded: false },
        { group, phase: 'spotify', codeVersion: 'trial' },
      );
    }),
  );
}

const progressOf = (child: Child): number => Number([...child.err().matchAll(/: (\d+) of \d+$/gm)].at(-1)?.[1] ?? 0);

/** Starts the redrive and kills it once so many letters are sent; says how many it had told of. */
async function killedAfter(start: () => Child, count: number): Promise<number> {
  const child = start();
  await within(
    () => {
      if (!child.alive()) throw new Error(`It ended before it was killed: ${child.out()}\n${child.err().slice(-2000)}`);
      return progressOf(child) >= count;
    },
    120_000,
    () => `${count} letters to be sent:\n${child.err().slice(-2000)}`,
  );
  await child.kill();
  return progressOf(child);
}

/** Runs the trial on a pipeline whose projector and first phase run. */
export async function redriveTrial(
  pipeline: Pipeline,
  { letters, rate }: { readonly letters: number; readonly rate: number },
): Promise<Trial> {
  const broker = kafkaBroker({ brokers: pipeline.services.kafkaBrokers, clientId: 'trial', log });
  try {
    const ids = solidTracks(letters).map(({ id }) => id);
    const written = await lettersOf(pipeline, ids);
    for (let from = 0; from < written.length; from += 1000) await broker.produce(written.slice(from, from + 1000));
    await within(
      async () => (await countOf(pipeline, 'select from dead_letters')) === letters,
      120_000,
      () => `${letters} letters in the read model:\n${pipeline.lastWords()}`,
    );
    const groups = JSON.parse((await pipeline.command('dead-letters', 'groups', '--json')).out).items;

    const map = join(pipeline.folder, 'mend.ts');
    writeFileSync(
      map,
      `export const map = (value: any) => ({ ...value, track: value.track.replace('${BROKEN}', '') });\n`,
    );
    const args = ['dead-letters', 'redrive', '--code', 'NO_TRACK_ID', '--map', map, '--rate', `${rate}/s`, '--json'];
    const start = () => pipeline.start(args);
    const chosen = ids.filter((_, n) => n % CAUSES.length === 0);

    const began = performance.now();
    const killedAt = [await killedAfter(start, chosen.length / 4), await killedAfter(start, chosen.length / 2)];
    const last = start();
    const exit = await last.ended;
    const seconds = (performance.now() - began) / 1000;
    if (exit !== 0) throw new Error(`The redrive ended with ${exit}: ${last.out()}\n${last.err().slice(-4000)}`);
    const [ended] = JSON.parse(last.out()).ends;

    const enriched = `select from tracks where track_id = any($1) and spotify_status = 'enriched'`;
    await within(
      async () => (await countOf(pipeline, enriched, [chosen])) === chosen.length,
      240_000,
      () => `${chosen.length} tracks to be enriched:\n${pipeline.lastWords()}`,
    );
    const second = JSON.parse((await pipeline.command(...args)).out).ends;

    const sent = new Map<string, number>();
    const from = (await broker.reader.ends(replay)).map((end) => ({ ...end, offset: 0 }));
    for await (const { headers } of broker.reader.read(from))
      sent.set(headers['dl-id'] ?? '', (sent.get(headers['dl-id'] ?? '') ?? 0) + 1);
    const wanted = new Set(
      written.filter((_, n) => n % CAUSES.length === 0).map(({ headers }) => headers['dl-id'] ?? ''),
    );
    return {
      groups,
      chosen: chosen.length,
      killedAt,
      ended,
      repeated: [...sent.values()].filter((times) => times > 1).length,
      missing: [...wanted].filter((id) => !sent.has(id)).length,
      strangers: [...sent.keys()].filter((id) => !wanted.has(id)).length,
      enriched: await countOf(pipeline, enriched, [chosen]),
      second,
      mostInASecond: await mostInASecond(pipeline),
      seconds,
    };
  } finally {
    await broker.close();
  }
}

const countOf = async ({ pool }: Pipeline, text: string, values: readonly unknown[] = []): Promise<number> =>
  (await pool.query(text, [...values])).rowCount ?? 0;

async function mostInASecond({ pool }: Pipeline): Promise<number> {
  const { rows } = await pool.query<{ most: number }>(`
    select coalesce(max(sent), 0) as most from (
      select count(*) over (order by at range between interval '999 ms' preceding and current row) as sent
      from operations where kind = 'letter_redriven') w`);
  return rows[0]?.most ?? 0;
}
