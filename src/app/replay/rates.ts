import type { Pool } from 'pg';
import type { Config } from '#app/config.ts';
import { budgetsOf } from '#app/providers.ts';

const LEARNED = `
  select account, (learned ->> 'base')::float8 as base, (learned ->> 'perSecond')::float8 as "perSecond"
  from linernotes.governor where learned is not null`;

type Learned = { readonly account: string; readonly base: number; readonly perSecond: number };

/** Calls a second of each provider's account as they are today: what refusals taught, else what is configured. */
export async function ratesOf(pool: Pool, config: Config): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<Learned>(LEARNED);
  return Object.fromEntries(
    Object.entries(budgetsOf(config)).map(([account, { perSecond }]) => {
      const learned = rows.find((row) => row.account === account && row.base === perSecond);
      return [account, learned?.perSecond ?? perSecond];
    }),
  );
}
