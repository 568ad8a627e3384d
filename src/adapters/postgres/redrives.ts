import type { Pool } from 'pg';
import { within } from '#adapters/group/within.ts';
import type { LetterItem, LetterSelection } from '#feed/letter-ports.ts';
import { filtered, LETTER } from './reads/letters.ts';

/** A redrive as the operations tell it. */
export type KnownRedrive = {
  readonly id: string;
  /** Where the dead-letter topic ended when it was begun, by partition. */
  readonly ends: Readonly<Record<string, number>>;
  readonly ended: boolean;
};

type Sought = { readonly dlq: string; readonly id: string | null; readonly selection: string; readonly map: string };

const KNOWN = `
  select o.details ->> 'redrive' as id, (o.details ->> 'ends')::jsonb as ends,
    exists (select from operations e where e.kind = 'redrive_ended' and e.target = o.target
      and e.details ->> 'redrive' = o.details ->> 'redrive') as ended
  from operations o where o.kind = 'redrive' and o.target = $1`;

/**
 * The redrive of a dead-letter topic with this id; without an id the last one of the same selection and map that has not ended.
 * `null`: there is none.
 */
export async function findRedrive(pool: Pool, { dlq, id, selection, map }: Sought): Promise<KnownRedrive | null> {
  const { rows } =
    id === null
      ? await pool.query<KnownRedrive>(
          `select * from (${KNOWN} and o.details ->> 'selection' = $2 and coalesce(o.details ->> 'map', '') = $3
            order by o.position desc) k where not k.ended limit 1`,
          [dlq, selection, map],
        )
      : await pool.query<KnownRedrive>(`${KNOWN} and o.details ->> 'redrive' = $2 limit 1`, [dlq, id]);
  return rows[0] ?? null;
}

/** How many letters a redrive has sent. */
export async function redrivenBy(pool: Pool, id: string, dlq: string): Promise<number> {
  const { rows } = await pool.query<{ sent: number }>(
    `select count(*) as sent from operations
     where details ? 'redrive' and details ->> 'redrive' = $1 and kind = 'letter_redriven' and details ->> 'topic' = $2`,
    [id, dlq],
  );
  return rows[0]?.sent ?? 0;
}

/** A stretch of one partition of a dead-letter topic: from an offset to before another. */
export type Stretch = {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
};

/** Open letters of a selection in a stretch, in the order in which they stand. */
export async function openLetters(
  pool: Pool,
  selection: LetterSelection,
  { topic, partition, from, to }: Stretch,
  limit: number,
): Promise<readonly LetterItem[]> {
  const all = filtered({ ...selection, state: 'open' });
  all.where(topic, 't.topic = ?');
  all.where(partition, 't.partition = ?');
  all.where(from, 't."offset" >= ?');
  all.where(to, 't."offset" < ?');
  const most = all.place(limit);
  const { rows } = await pool.query<LetterItem>(
    `select ${LETTER} from dead_letters t ${all.text()} order by t."offset" limit ${most}`,
    all.values,
  );
  return rows;
}

export type Standing = { readonly topic: string; readonly partition: number; readonly letters: number };

/** How many open letters of a selection stand where. */
export async function openByPlace(pool: Pool, selection: LetterSelection): Promise<readonly Standing[]> {
  const all = filtered({ ...selection, state: 'open' });
  const { rows } = await pool.query<Standing>(
    `select t.topic, t.partition, count(*) as letters from dead_letters t ${all.text()}
     group by t.topic, t.partition order by t.topic, t.partition`,
    all.values,
  );
  return rows;
}

/** The right to redrive a topic, as long as this process and its connection live. */
export type RedriveLock = {
  /** Whether the connection that holds it is still there. */
  held(): Promise<boolean>;
  release(): Promise<void>;
};

/** Any number, as long as nobody else uses it for a pair of keys. */
const REDRIVES = 7_305_003;

const UNLOCK_MS = 1_000;

/** Takes the right to redrive a dead-letter topic; `null` when somebody else has it. */
export async function lockRedrives(pool: Pool, dlq: string): Promise<RedriveLock | null> {
  const client = await pool.connect();
  // A connection that breaks says so when it is asked.
  client.on('error', () => undefined);
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as mine', [
      REDRIVES,
      dlq,
    ]);
    if (rows[0]?.mine !== true) {
      client.release();
      return null;
    }
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    held: () =>
      client.query('select 1').then(
        () => true,
        () => false,
      ),
    // The connection is thrown away, and the lock goes with it, whatever state either is in; but only some time later, so whoever asks
    // next would be refused.
    release: async () => {
      const unlocked = client.query('select pg_advisory_unlock($1, hashtext($2))', [REDRIVES, dlq]);
      await within(
        unlocked.catch(() => undefined),
        UNLOCK_MS,
      );
      client.release(true);
    },
  };
}
