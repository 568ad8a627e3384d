import { setTimeout as elapsed } from 'node:timers/promises';
import { postgresClock } from '#adapters/postgres/clock.ts';
import { postgresGovernor } from '#adapters/postgres/governor.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { keptClock } from '#app/clock.ts';
import { admission } from '#providers/admission.ts';
import type { Budget } from '#providers/budget.ts';

// A process that takes slots of one account as fast as it gets them, from several places at once, and writes down when.

const { DATABASE_URL = '', BUDGET = '{}', LANE } = process.env;
const budget: Budget = JSON.parse(BUDGET);
const pool = openPool({ url: DATABASE_URL, max: 3, name: 'grants', onLost: () => undefined });
const { now } = await keptClock(postgresClock(pool));
const governor = postgresGovernor(pool, { api: budget }, now);
const scope = { lane: LANE === 'replay' ? 'replay' : 'live', signal: new AbortController().signal } as const;

const caller = async (): Promise<never> => {
  for (;;) {
    const slot = await admission(governor, 'api', scope, now);
    process.stdout.write(`${slot.kind} ${Date.now()}\n`);
    if (slot.kind === 'paused') await elapsed(100);
  }
};

process.stderr.write('ready\n');
await Promise.all(Array.from({ length: 20 }, caller));
