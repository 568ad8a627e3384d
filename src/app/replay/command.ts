import { isLed } from '#adapters/postgres/leader.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { whoOf } from '#app/operations/who.ts';
import type { Told } from '#app/told.ts';
import type { ReplayPlan } from '#replay/plan.ts';
import type { Refused, ReplayPort } from '#replay/replay-port.ts';
import type { ReplayRequest } from '#replay/request.ts';
import type { ReplayStatus } from '#replay/status.ts';
import { FEEDER_LOCK } from './feeder.ts';
import { type Refresh, refreshOf } from './refreshing.ts';
import { replaysOn } from './replays.ts';
import { listLines, planLines, statusLines } from './words.ts';

/** What the command `replay` is told to do. */
export type ReplayOrderLine =
  | { readonly kind: 'plan'; readonly request: ReplayRequest }
  | {
      readonly kind: 'start';
      readonly request: ReplayRequest;
      readonly by: string | undefined;
      readonly reason: string | null;
    }
  | {
      readonly kind: 'pause' | 'resume' | 'cancel';
      readonly id: string;
      readonly by: string | undefined;
      readonly reason: string | null;
    }
  | ({ readonly kind: 'refresh'; readonly by: string | undefined } & Refresh)
  | { readonly kind: 'status'; readonly id: string | null };

/** The person at the terminal, as far as a start needs one. */
export type Person = {
  /** Shows the plan and asks. `null`: nobody can be asked. */
  readonly agrees: ((plan: ReplayPlan, lines: readonly string[]) => Promise<boolean>) | null;
  readonly signal: AbortSignal;
};

const NOBODY_FEEDS =
  'Nobody feeds replays at the moment: it goes on as soon as `linernotes run replays`, `run all` or `npm start` runs.';

/**
 * Does what the command says.
 * @returns the answer, `null` when the person did not agree, or why it was not done
 */
export async function orderReplay(
  order: ReplayOrderLine,
  person: Person,
  connections: Connections,
  config: Config,
): Promise<Told | Refused | null> {
  const replays = replaysOn(connections, config);
  try {
    return await answerTo(order, { person, replays, connections, config });
  } finally {
    await replays.close();
  }
}

type Around = {
  readonly person: Person;
  readonly replays: ReplayPort;
  readonly connections: Connections;
  readonly config: Config;
};

async function answerTo(order: ReplayOrderLine, around: Around): Promise<Told | Refused | null> {
  const { person, replays, connections, config } = around;
  switch (order.kind) {
    case 'plan': {
      const plan = await replays.plan(order.request, person.signal);
      return told(plan, planLines);
    }
    case 'start':
      return start(order, around);
    case 'refresh': {
      const request = refreshOf(order, config);
      if ('wrong' in request) return { ...request, kind: 'request' };
      return start({ request, by: order.by, reason: 'refresh' }, around);
    }
    case 'status':
      return order.id === null ? listTold(await replays.list()) : standing(order.id, around);
    default: {
      const moved = await replays.move(order.id, order.kind, { by: whoOf(order.by), reason: order.reason });
      return 'wrong' in moved ? moved : statusTold(moved, connections);
    }
  }
}

const told = <Answer extends object>(answer: Answer | Refused, lines: (answer: Answer) => readonly string[]) =>
  'wrong' in answer ? answer : { json: answer, lines: () => lines(answer) };

async function standing(id: string, { replays, connections }: Around): Promise<Told | Refused> {
  const status = await replays.one(id);
  return status === null ? { kind: 'missing', wrong: `There is no replay "${id}".` } : statusTold(status, connections);
}

async function start(
  { request, by, reason }: Omit<Extract<ReplayOrderLine, { kind: 'start' }>, 'kind'>,
  { person: { agrees, signal }, replays, connections }: Around,
): Promise<Told | Refused | null> {
  if (agrees !== null) {
    const plan = await replays.plan(request, signal);
    if ('wrong' in plan) return plan;
    if (!(await agrees(plan, planLines(plan)))) return null;
  }
  const started = await replays.start(request, { by: whoOf(by), reason }, signal);
  return 'wrong' in started ? started : statusTold(started, connections);
}

const listTold = (items: readonly ReplayStatus[]): Told => ({ json: { items }, lines: () => listLines(items) });

async function statusTold(status: ReplayStatus, { pool }: Connections): Promise<Told> {
  const isIdle = status.state === 'running' && !(await isLed(pool, FEEDER_LOCK));
  return { json: status, lines: () => [...statusLines(status), ...(isIdle ? [NOBODY_FEEDS] : [])] };
}
