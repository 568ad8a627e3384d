import type { Pool } from 'pg';
import type { Claim } from '#providers/ports.ts';
import { gathered } from './gathered.ts';
import { storedKey } from './ledger-entries.ts';
import { reaching } from './lost.ts';

/** A key is free when nobody holds it, when we do, when its lease has lapsed, and for the live lane when a replay holds it. */
const CLAIM = `
  insert into linernotes.ledger_claims as c (provider, kind, key, owner, live, lapses_at)
  select $1, $2, key, $4, $5::boolean, clock_timestamp() + $6::float8 * interval '1 ms'
  from unnest($3::text[]) as k (key) order by key
  on conflict (provider, kind, key) do update
  set owner = excluded.owner, lapses_at = excluded.lapses_at,
      live = excluded.live or (c.live and c.owner = excluded.owner)
  where c.owner = excluded.owner or c.lapses_at < clock_timestamp() or (excluded.live and not c.live)
  returning key`;

/** Locked in the order of the primary key first, so that nobody waits in a ring. */
const MINE = 'select provider, kind, key from linernotes.ledger_claims where owner = $1';
const ORDERED = 'order by provider, kind, key for update';

const RENEW = `
  with mine as (${MINE} ${ORDERED})
  update linernotes.ledger_claims c set lapses_at = clock_timestamp() + $2::float8 * interval '1 ms'
  from mine m where c.provider = m.provider and c.kind = m.kind and c.key = m.key and c.owner = $1`;

const RELEASE = `
  with mine as (
    ${MINE} and (provider, kind, key) in (select * from unnest($2::text[], $3::text[], $4::text[])) ${ORDERED}
  )
  delete from linernotes.ledger_claims c using mine m
  where c.provider = m.provider and c.kind = m.kind and c.key = m.key and c.owner = $1`;

type Place = readonly [provider: string, kind: string, key: string];

/** The claims of one process. */
export type Claims = {
  /** @returns those of the keys that are ours now */
  take(wanted: Claim): Promise<ReadonlySet<string>>;
  release(provider: string, kind: string, keys: readonly string[]): Promise<void>;
  /** Renews no more; what is held lapses. */
  close(): void;
};

/**
 * Leases on keys. They are renewed at a third of the lease for as long as the process lives, however long the wait for a slot.
 * @param owner names this process; nobody else may use it
 */
export function ledgerClaims(pool: Pool, owner: string, leaseMs: number): Claims {
  const held = new Map<string, number>();
  let renewing: NodeJS.Timeout | null = null;

  const renew = (): void => {
    // A lost database shows at the next call; until then the leases run.
    pool.query({ name: 'claims-renew', text: RENEW, values: [owner, leaseMs] }).catch(() => undefined);
  };
  const pauseRenewal = (): void => {
    clearInterval(renewing ?? undefined);
    renewing = null;
  };

  const hold = (place: Place): void => {
    const id = JSON.stringify(place);
    held.set(id, (held.get(id) ?? 0) + 1);
    renewing ??= setInterval(renew, leaseMs / 3).unref();
  };

  /** Whether nobody in this process wants the key any more. */
  const letGo = (place: Place): boolean => {
    const id = JSON.stringify(place);
    const left = (held.get(id) ?? 1) - 1;
    if (left > 0) held.set(id, left);
    else held.delete(id);
    if (held.size === 0) pauseRenewal();
    return left <= 0;
  };

  const remove = gathered<Place>(async (places) => {
    const values = [owner, places.map((place) => place[0]), places.map((place) => place[1]), places.map((p) => p[2])];
    await reaching(() => pool.query({ name: 'claims-release', text: RELEASE, values }));
  });

  return {
    take: async ({ provider, kind, keys, lane }) => {
      const asked = new Map(keys.map((key) => [storedKey(key), key]));
      const values = [provider, kind, [...asked.keys()], owner, lane === 'live', leaseMs];
      const { rows } = await reaching(() => pool.query<{ key: string }>({ name: 'claims-take', text: CLAIM, values }));
      for (const { key } of rows) hold([provider, kind, key]);
      return new Set(rows.map(({ key }) => asked.get(key) ?? key));
    },
    release: async (provider, kind, keys) => {
      const free = keys.map((key): Place => [provider, kind, storedKey(key)]).filter(letGo);
      if (free.length > 0) await remove(free);
    },
    close: pauseRenewal,
  };
}
