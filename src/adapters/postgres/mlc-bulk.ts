import type { Pool } from 'pg';
import type { BulkShare, BulkSnapshot, BulkStore, BulkWork } from '#providers/mlc/bulk/store.ts';
import { reaching } from './lost.ts';
import { loadBulk, schemaOf } from './mlc-bulk-loading.ts';

const LIVE = `
  select snapshot, (extract(epoch from loaded_at) * 1000)::float8 as "loadedAt" from linernotes.mlc_bulk`;

/** A title that half the world has used: more works than this are read for nobody. */
const MOST_OF_A_TITLE = 200;

/** How long the name of the feed is believed. The feed before stays until another has taken its place for a while. */
const BELIEVED_MS = 1_000;

const byIsrc = (schema: string): string => `
  select distinct r.isrc, l.work from "${schema}".resources r join "${schema}".links l on l.resource = r.id
  where r.isrc = any($1::text[]) order by 1, 2`;

const byTitle = (schema: string): string => `
  with named as (
    select id as work from "${schema}".works where title_key = $1
    union select work from "${schema}".titles where title_key = $1
  )
  select distinct n.work from named n
    join "${schema}".shares s on s.work = n.work join "${schema}".parties p on p.id = s.party
  where p.last_key = any($2::text[]) or p.ipi = any($3::text[])
  order by 1 limit ${MOST_OF_A_TITLE}`;

const worksIn = (schema: string): string => `
  select w.id, w.iswc, w.title, w.disputed,
    coalesce((select array_agg(t.title order by t.title) from "${schema}".titles t where t.work = w.id), '{}') as titles,
    coalesce((
      select json_agg(json_build_object('id', s.id, 'role', s.role, 'percent', s.percent, 'type', s.type,
        'preceding', s.preceding, 'party', case when p.id is not null then json_build_object(
          'id', p.id, 'ipi', p.ipi, 'name', p.name, 'before', p.before, 'keyName', p.key_name) end) order by s.id)
      from "${schema}".shares s left join "${schema}".parties p on p.id = s.party where s.work = w.id
    ), '[]') as shares
  from "${schema}".works w where w.id = any($1::text[])`;

type WorkRow = Omit<BulkWork, 'shares'> & { readonly shares: readonly BulkShare[] };

/** Bulk feeds of The MLC in Postgres: one schema a feed, the live one named in one row. */
export function postgresMlcBulk(pool: Pool): BulkStore {
  let seen: { readonly at: number; readonly live: BulkSnapshot | null } | null = null;

  const live = async (): Promise<BulkSnapshot | null> => {
    const now = performance.now();
    if (seen !== null && now - seen.at < BELIEVED_MS) return seen.live;
    const { rows } = await reaching(() => pool.query<BulkSnapshot>({ name: 'mlc-bulk-live', text: LIVE }));
    seen = { at: now, live: rows[0] ?? null };
    return seen.live;
  };

  /** The rows of a statement on the live feed; none while there is no feed. */
  const rowsOf = async <Row extends object>(
    statement: (schema: string) => string,
    values: unknown[],
  ): Promise<Row[]> => {
    const now = await live();
    if (now === null) return [];
    return (await reaching(() => pool.query<Row>(statement(schemaOf(now.snapshot)), values))).rows;
  };

  return {
    live,
    load: async (snapshot, fill) => {
      const ended = await loadBulk(pool)(snapshot, fill);
      seen = null;
      return ended;
    },
    codesByIsrc: async (isrcs) => {
      const rows = await rowsOf<{ isrc: string; work: string }>(byIsrc, [isrcs]);
      const grouped = Map.groupBy(rows, ({ isrc }) => isrc);
      return new Map([...grouped].map(([isrc, group]) => [isrc, group.map(({ work }) => work)]));
    },
    codesByTitle: async ({ title, names, ipis }) => {
      const rows = await rowsOf<{ work: string }>(byTitle, [title, names, ipis]);
      return rows.map(({ work }) => work);
    },
    works: (codes) => rowsOf<WorkRow>(worksIn, [codes]),
  };
}
