import type { Pool } from 'pg';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import { postgresProjection } from '#adapters/postgres/projection/projection.ts';
import { type PartitionPorts, servePartition } from '#projector/partition.ts';
import type { Projection, ProjectionTransaction, ProjectorNotice } from '#projector/ports.ts';
import { failure } from '#stream/failure.ts';
import type { Assignment, CommitResult, Decode, OpenWriter, Served } from '#stream/ports.ts';
import type { Headers, OutgoingRecord, StoredRecord } from '#stream/record.ts';
import { failed, ok } from '#stream/result.ts';
import { freshDatabase } from './database.ts';
import { AT } from './tracks.ts';

/** A log in memory whose values are JSON: what stands on the topics, for tests of what the projector makes of it. */
export type Log = {
  readonly records: readonly StoredRecord[];
  append(topic: string, value: unknown, over?: { headers?: Headers; at?: number; partition?: number }): StoredRecord;
};

export function aLog(): Log {
  const records: StoredRecord[] = [];
  return {
    records,
    append(topic, value, { headers = {}, at = AT, partition = 0 } = {}) {
      const offset = records.filter((other) => other.topic === topic && other.partition === partition).length;
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
      const record = { topic, partition, offset, timestamp: at, key: null, value: bytes, headers };
      records.push(record);
      return record;
    },
  };
}

export const decodeJson: Decode = async (_topic, value) => {
  try {
    return ok(JSON.parse(value?.toString('utf8') ?? ''));
  } catch {
    return failed(failure('UNDECODABLE', 'no JSON'));
  }
};

/** A transactional writer that keeps what was committed, with the group's offset as Kafka would. */
export function aWriter(results: CommitResult[] = []) {
  const written: OutgoingRecord[] = [];
  const offsets = new Map<string, number>();
  const open: OpenWriter = async () => ({
    committed: async (_group, { topic, partition }) => offsets.get(`${topic}/${partition}`) ?? null,
    commit: async (records, progress) => {
      const result = results.shift() ?? 'committed';
      if (result === 'lost') return result;
      for await (const record of records) written.push(record);
      if (progress !== null) offsets.set(`${progress.next.topic}/${progress.next.partition}`, progress.next.offset);
      return result;
    },
    close: async () => undefined,
  });
  const reset = () => {
    written.length = 0;
    offsets.clear();
  };
  return { written, open, reset };
}

/** Gives a partition's records in batches of at most `max`, and ends the assignment when it has given all. */
export function assignmentOf(log: Log, topic: string, partition: number, max = 500): Assignment {
  const control = new AbortController();
  return {
    topic,
    partition,
    signal: control.signal,
    from(offset) {
      const rest = log.records.filter(
        (record) => record.topic === topic && record.partition === partition && record.offset >= (offset ?? 0),
      );
      return {
        async take() {
          const batch = rest.splice(0, max);
          if (batch.length > 0) return batch;
          control.abort(new Error('nothing is left'));
          throw control.signal.reason;
        },
        waiting: () => rest.length,
        pause: () => undefined,
        resume: () => undefined,
      };
    },
  };
}

/** Serves every partition of the log, in the given order of topics, each to its end. */
export async function serveAll(log: Log, ports: PartitionPorts, max = 500): Promise<readonly Served[]> {
  const keys = new Map(log.records.map(({ topic, partition }) => [`${topic}/${partition}`, { topic, partition }]));
  const served: Served[] = [];
  for (const { topic, partition } of keys.values()) {
    served.push(await servePartition(assignmentOf(log, topic, partition, max), ports));
  }
  return served;
}

/** A read model in a database of its own. */
export async function aReadModel() {
  const database = await freshDatabase();
  const lost: Error[] = [];
  const pool = openPool({ url: database.url, max: 6, name: 'test', onLost: (error) => lost.push(error) });
  const projection = postgresProjection(pool, await prepareDatabase(pool));
  const writer = aWriter();
  const notices: ProjectorNotice[] = [];
  const ports: PartitionPorts = {
    decode: decodeJson,
    projection,
    openWriter: writer.open,
    range: async () => ({ begin: 0, end: Number.MAX_SAFE_INTEGER }),
    notice: (notice) => notices.push(notice),
  };
  const close = async () => {
    await pool.end();
    await database.drop();
  };
  return { url: database.url, pool, projection, ports, writer, notices, close };
}

/** A projection that fails once, right before the given step of a transaction: what a kill at that moment leaves behind. */
export function killedBefore(projection: Projection, step: keyof ProjectionTransaction | 'commit'): Projection {
  let armed = true;
  const strike = () => {
    if (!armed) return;
    armed = false;
    throw new Error(`killed before ${step}`);
  };
  const guarded = (transaction: ProjectionTransaction): ProjectionTransaction =>
    new Proxy(transaction, {
      get(target, name) {
        if (name === step) strike();
        return Reflect.get(target, name);
      },
    });
  return {
    take: projection.take,
    transaction: (work) =>
      projection.transaction(async (transaction) => {
        const commits = await work(guarded(transaction));
        if (step === 'commit') strike();
        return commits;
      }),
  };
}

const TABLES: Readonly<Record<string, string>> = {
  tracks: 'select * from read_v5.tracks order by track_id',
  playlists: 'select * from read_v5.playlists order by playlist_id',
  playlist_tracks: 'select * from read_v5.playlist_tracks order by playlist_id, snapshot_id, track_id',
  runs: 'select * from read_v5.runs order by run_id',
  run_phases: 'select * from read_v5.run_phases where tracks <> 0 order by run_id, phase, status',
  run_tracks: 'select * from read_v5.run_tracks order by run_id, track_id',
  dead_letters:
    'select letter_id, consumer_group, code, forwarded, track_id, run_id from read_v5.dead_letters order by letter_id',
  operations: 'select * from read_v5.operations order by operation_id',
};

/** Every row of the read model. */
export async function everyRow(pool: Pool): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables = await Promise.all(
    Object.entries(TABLES).map(async ([table, text]) => [table, (await pool.query(text)).rows] as const),
  );
  return Object.fromEntries(tables);
}

export async function emptyReadModel(pool: Pool): Promise<void> {
  const tables = Object.keys(TABLES).map((table) => `read_v5.${table}`);
  const shared = ['checkpoints', 'feed', 'withdrawn', 'latest_outbox'].map((table) => `linernotes.${table}`);
  await pool.query(`truncate ${[...tables, ...shared].join(', ')}`);
}
