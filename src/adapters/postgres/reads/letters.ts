import type { Pool } from 'pg';
import { asProperties, LETTERS } from '#adapters/postgres/projection/columns.ts';
import type { LetterFilter, LetterGroup, LetterGroups, LetterItem, LetterReads } from '#feed/letter-ports.ts';
import { conditions, pageOf } from './page.ts';

/** Columns of a letter, its state and what it has it from included. */
export const LETTER = asProperties([...Object.keys(LETTERS), 'state', 'stateBy', 'stateAt', 'stateReason'], 't');

/** The conditions of a filter on `dead_letters t`. */
export function filtered(filter: LetterFilter) {
  const all = conditions();
  all.where(filter.phase, 't.phase = ?');
  all.where(filter.class, 't.class = ?');
  all.where(filter.code, 't.code = ?');
  all.where(filter.fingerprint, 't.fingerprint = ?');
  all.where(filter.run, 't.run_id = ?');
  all.where(filter.track, 't.track_id = ?');
  all.where(filter.since, 't.last_failed_at >= ?::timestamptz');
  all.where(filter.until, 't.last_failed_at < ?::timestamptz');
  all.where(filter.release, 't.code_version = ?');
  all.where(filter.letter, 't.letter_id = ?');
  all.where(filter.state, 't.state = ?');
  return all;
}

const letters =
  (pool: Pool): LetterReads['letters'] =>
  async (query) => {
    const filter = filtered(query);
    filter.whereAfter(query.after, 't.last_failed_at', 't.letter_id');
    const most = filter.place(query.limit + 1);
    const { rows } = await pool.query<LetterItem>(
      `select ${LETTER} from dead_letters t ${filter.text()} order by t.last_failed_at desc, t.letter_id limit ${most}`,
      filter.values,
    );
    return pageOf(rows, query.limit, ({ lastFailedAt, letterId }) => ({ at: lastFailedAt, id: letterId }));
  };

type GroupRow = LetterGroup & { readonly groups: number; readonly all: number };

/** A fingerprint follows from phase, class and code; letters of strangers may bear any, so all four make the group. */
const groupsText = (where: string, most: string): string => `
  select t.fingerprint, t.phase, t.class, t.code, count(*) as letters, count(*) filter (where t.state = 'open') as open,
    count(distinct t.track_id) as tracks, count(*) filter (where t.forwarded) as forwarded,
    min(t.first_failed_at) as "firstFailedAt", max(t.last_failed_at) as "lastFailedAt",
    (array_agg(jsonb_build_object('letterId', t.letter_id, 'trackId', t.track_id, 'message', t.message)
      order by t.last_failed_at desc, t.letter_id))[1] as sample,
    count(*) over () as groups, (sum(count(*)) over ())::bigint as all
  from dead_letters t ${where}
  group by t.fingerprint, t.phase, t.class, t.code order by letters desc, t.fingerprint limit ${most}`;

const letterGroups =
  (pool: Pool): LetterReads['letterGroups'] =>
  async (query, limit): Promise<LetterGroups> => {
    const filter = filtered(query);
    const most = filter.place(limit);
    const { rows } = await pool.query<GroupRow>(groupsText(filter.text(), most), filter.values);
    return {
      items: rows.map(({ groups: _groups, all: _all, ...group }) => group),
      groups: rows[0]?.groups ?? 0,
      letters: rows[0]?.all ?? 0,
    };
  };

/** Dead letters out of the live read model. */
export const letterReads = (pool: Pool): LetterReads => ({
  letters: letters(pool),
  letterGroups: letterGroups(pool),
  async letter(letterId) {
    const { rows } = await pool.query<LetterItem>(`select ${LETTER} from dead_letters t where t.letter_id = $1`, [
      letterId,
    ]);
    return rows[0] ?? null;
  },
});
