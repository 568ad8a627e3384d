import type { Answer, Lookup } from '#providers/answer.ts';
import type { Envelope, Message } from '#stream/message.ts';
import type { HandlerContext } from '#stream/stage.ts';
import { AT } from './tracks.ts';

export const aMessage = <Event>(
  event: Event,
  over: { force?: Envelope['force']; lane?: Message<Event>['lane'] } = {},
): Message<Event> => ({
  event,
  envelope: { id: 'in:0:1', runId: 'run-1', traceparent: null, force: over.force ?? null },
  lane: over.lane ?? 'live',
  position: { topic: 'in', partition: 0, offset: 1 },
  headers: {},
});

export const aContext = (over: Partial<HandlerContext> = {}): HandlerContext => ({
  signal: new AbortController().signal,
  now: AT,
  lane: 'live',
  attempt: 1,
  ...over,
});

/** A lookup that answers from a function, and every question that it got. */
export function fakeLookup<Facts>(answer: (key: string) => Answer<Facts>) {
  const asked: { readonly key: string; readonly notBefore: number | null }[] = [];
  const lookup: Lookup<string, Facts> = async (key, { notBefore }) => {
    asked.push({ key, notBefore });
    return answer(key);
  };
  return { lookup, asked, keys: () => asked.map(({ key }) => key) };
}
