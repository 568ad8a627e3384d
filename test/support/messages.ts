import type { Message } from '#stream/message.ts';
import type { HandlerContext } from '#stream/stage.ts';
import { AT } from './tracks.ts';

/** An event as a handler gets it: live, not forced. */
export const aMessage = <Event>(event: Event, over: Partial<Message<Event>['envelope']> = {}): Message<Event> => ({
  event,
  envelope: { id: 'g.topic.0.0', runId: null, traceparent: null, force: null, ...over },
  lane: 'live',
  position: { topic: 'topic', partition: 0, offset: 0 },
  headers: {},
});

/** A handler's world at `AT`, on the first attempt. */
export const aContext = (over: Partial<HandlerContext> = {}): HandlerContext => ({
  signal: new AbortController().signal,
  now: AT,
  lane: 'live',
  attempt: 1,
  closed: null,
  ...over,
});
