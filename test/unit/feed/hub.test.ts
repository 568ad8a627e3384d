import { expect, test } from 'vitest';
import { HUB, openHub } from '#feed/hub.ts';
import type { FeedLog, FeedMessage } from '#feed/ports.ts';

const fail = (error?: unknown): never => {
  throw error;
};

/** A feed log in memory that counts how often it is read. */
function aFeedLog(page = Number.POSITIVE_INFINITY) {
  const messages: FeedMessage[] = [];
  let moved: () => void = fail;
  let reads = 0;
  let broken = false;
  const log: FeedLog = {
    bounds: async () => ({ floor: 0, head: messages.length }),
    after: async (cursor, limit) => {
      reads += 1;
      if (broken) throw new Error('lost');
      return messages.slice(cursor, cursor + Math.min(limit, page));
    },
    listen: async (heard) => {
      moved = heard;
      return { close: async () => undefined };
    },
    trim: async () => undefined,
  };
  const add = (count: number) => {
    for (let n = 0; n < count; n += 1)
      messages.push({ cursor: messages.length + 1, at: 'now', type: 'run', data: messages.length + 1 });
  };
  return {
    log,
    add,
    notify: () => moved(),
    reads: () => reads,
    break: (is: boolean) => {
      broken = is;
    },
  };
}

const settings = { ...HUB, kept: 10, page: 4 };
const cursors = (messages: readonly { readonly cursor: number }[]) => messages.map(({ cursor }) => cursor);

test('those who keep up are served from memory, and those behind from the table, with the same messages', async () => {
  const feed = aFeedLog();
  feed.add(3);
  const hub = await openHub(feed.log, fail, settings);
  feed.add(30);
  feed.notify();
  await hub.moved(32, AbortSignal.timeout(1000));
  const before = feed.reads();
  expect(cursors(await hub.after(30, 5))).toEqual([31, 32, 33]);
  expect(feed.reads()).toBe(before);
  expect(cursors(await hub.after(0, 5))).toEqual([1, 2, 3, 4, 5]);
  expect(feed.reads()).toBe(before + 1);
  await hub.close();
});

test('a client that walks through sees every message once, whatever is in memory', async () => {
  const feed = aFeedLog();
  const hub = await openHub(feed.log, fail, settings);
  feed.add(57);
  feed.notify();
  await hub.moved(56, AbortSignal.timeout(1000));
  const seen: number[] = [];
  for (let cursor = 0; cursor < 57; cursor = seen.at(-1) ?? 57) seen.push(...cursors(await hub.after(cursor, 6)));
  expect(seen).toEqual(Array.from({ length: 57 }, (_, n) => n + 1));
  await hub.close();
});

test('whoever waits is woken by the next message, or by his own end', async () => {
  const feed = aFeedLog();
  const hub = await openHub(feed.log, fail, settings);
  const gone = new AbortController();
  const waits = [hub.moved(0, new AbortController().signal), hub.moved(5, gone.signal)];
  feed.add(1);
  feed.notify();
  await waits[0];
  expect(hub.head()).toBe(1);
  gone.abort();
  await waits[1];
  await hub.close();
});

test('a feed that could not be read is read at the next notification, and nothing is missing', async () => {
  const feed = aFeedLog();
  const failures: unknown[] = [];
  const hub = await openHub(feed.log, (error) => failures.push(error), settings);
  feed.break(true);
  feed.add(2);
  feed.notify();
  await expect.poll(() => failures).toHaveLength(1);
  feed.break(false);
  feed.add(1);
  feed.notify();
  await hub.moved(2, AbortSignal.timeout(1000));
  expect(cursors(await hub.after(0, 10))).toEqual([1, 2, 3]);
  await hub.close();
});
