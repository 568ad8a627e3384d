import { setTimeout as elapsed } from 'node:timers/promises';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { LetterOrders, OrderAnswer, RedriveRequest } from '#feed/letter-orders.ts';
import type { RedriveOrder } from './redrive/order.ts';
import { planRedrive } from './redrive/plan.ts';
import { MAX_REDRIVES, type Redriven, redrive, topicsOf } from './redrive/redrive.ts';
import { resolveLetters } from './resolve.ts';

/** A redrive that ends within this time is answered with how it ended; else it goes on behind the answer. */
const ANSWER_MS = 3_000;

const orderOf = (request: RedriveRequest): RedriveOrder => ({
  ...request,
  probe: false,
  maxRedrives: MAX_REDRIVES,
  map: null,
  id: null,
});

/**
 * What the feed's process does with dead letters for whoever asks it over HTTP. A redrive runs in this process; when that ends, the
 * same request goes on with it.
 */
export function letterOrders(
  connections: Connections,
  config: Config,
): LetterOrders & { readonly close: () => Promise<void> } {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const { signal } = stopping;
  const { log } = connections;

  return {
    async plan(request) {
      const plan = await planRedrive(orderOf(request), connections, config, signal);
      return 'refused' in plan ? { kind: 'refused', message: plan.refused } : { kind: 'done', body: plan };
    },

    async redrive(request) {
      const work = redrive(orderOf(request), connections, { signal });
      const ended = work.then(
        (done) => log.info({ ends: done.ends }, 'redrive.ended'),
        (error: unknown) => log.error({ error: String(error) }, 'redrive.failed'),
      );
      running.add(ended);
      void ended.then(() => running.delete(ended));
      const waited = elapsed(ANSWER_MS, null, { ref: false });
      const done = await Promise.race([work, waited]);
      return done === null ? { kind: 'going_on' } : answerOf(done);
    },

    async resolve(order) {
      const done = await resolveLetters(order, connections, topicsOf(order.selection), signal);
      return 'refused' in done ? { kind: 'refused', message: done.refused } : { kind: 'done', body: done };
    },

    async close() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function answerOf(done: Redriven): OrderAnswer {
  const [first] = done.ends;
  return done.ends.length === 1 && first?.kind === 'refused'
    ? { kind: 'refused', message: first.message }
    : { kind: 'done', body: done };
}
