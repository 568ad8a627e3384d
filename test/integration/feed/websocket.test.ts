import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aFeed, aFeedClient, type Received } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { aRawTrack, trackId } from '#test/support/tracks.ts';

let feed: Awaited<ReturnType<typeof aFeed>>;

beforeEach(async () => {
  feed = await aFeed({}, { maxClients: 3 });
});
afterEach(() => feed.close());

/** Brings further tracks into the read model, one transaction each. */
async function see(from: number, to: number) {
  const more = aLog();
  for (let n = from; n <= to; n += 1) more.append(`tracks.raw`, aRawTrack({ track: trackId(n) }), { partition: n });
  await serveAll(more, feed.model.ports);
}

const tracksIn = (received: readonly Received[]) =>
  received.filter(({ type }) => type === 'track').map(({ data }) => data?.trackId);
const has = (n: number) => (received: readonly Received[]) => tracksIn(received).includes(trackId(n));

test('a client gets every change after it came, in order, each with a rising cursor', async () => {
  await see(1, 2);
  const client = await aFeedClient(feed.url);
  await client.until((received) => received.length === 1);
  await see(3, 6);
  await client.until(has(6));
  expect(client.received[0]).toMatchObject({ type: 'hello', sandbox: true });
  expect(tracksIn(client.received)).toEqual([3, 4, 5, 6].map(trackId));
  const cursors = client.received.map(({ cursor }) => cursor);
  expect(cursors).toEqual([...new Set(cursors)].sort((a, b) => a - b));
});

test('regression: late WebSocket subscriber: a client that was away resumes after its cursor without a gap, also on another server', async () => {
  const first = await aFeedClient(feed.url);
  await first.until((received) => received.length === 1);
  await see(1, 3);
  await first.until(has(3));
  first.socket.terminate();
  const cursor = first.received.find(({ data }) => data?.trackId === trackId(2))?.cursor ?? 0;
  await see(4, 8);
  const other = await feed.start();
  try {
    const second = await aFeedClient(other.url, cursor);
    await second.until(has(8));
    expect(second.received[0]).toMatchObject({ type: 'hello', cursor });
    expect(tracksIn(second.received)).toEqual([3, 4, 5, 6, 7, 8].map(trackId));
    second.socket.terminate();
  } finally {
    await other.close();
  }
});

test('a cursor from before the oldest entry, or from another database, is reset to the newest', async () => {
  await see(1, 3);
  const { rows } = await feed.model.pool.query('delete from linernotes.feed where seq < 5 returning seq');
  expect(rows.length).toBeGreaterThan(0);
  for (const since of [0, 1_000_000]) {
    const client = await aFeedClient(feed.url, since);
    await client.until((received) => received.length === 1);
    const { body } = await feed.get('/v1/status');
    expect(client.received).toEqual([{ type: 'reset', cursor: body.cursor, sandbox: true }]);
    client.socket.terminate();
  }
});

test('trimming keeps the newest entry, so cursors never begin anew', async () => {
  await see(1, 2);
  const before = await feed.ports.log.bounds();
  await feed.ports.log.trim(-1000);
  expect(await feed.ports.log.bounds()).toEqual({ floor: before.head - 1, head: before.head });
});

test('the feed goes on after the listening connection was lost', async () => {
  const client = await aFeedClient(feed.url);
  await client.until((received) => received.length === 1);
  await feed.model.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
  );
  await see(1, 2);
  await client.until(has(2));
  expect(tracksIn(client.received)).toEqual([1, 2].map(trackId));
});

test('a client that does not answer pings is dropped; one that does stays', async () => {
  const server = await feed.start({ heartbeatMs: 100 });
  const silent = await aFeedClient(server.url);
  const lively = await aFeedClient(server.url);
  silent.socket.pong = () => undefined;
  expect(await silent.closed).toBe(1006);
  await once(lively.socket, 'ping');
  expect(lively.socket.readyState).toBe(lively.socket.OPEN);
  await server.close();
});

test('a client that reads slowly gets everything all the same, and costs the others nothing', async () => {
  const slow = await aFeedClient(feed.url, 0);
  slow.socket.pause();
  const quick = await aFeedClient(feed.url, 0);
  await see(1, 40);
  await quick.until(has(40));
  slow.socket.resume();
  await slow.until(has(40));
  expect(tracksIn(slow.received)).toEqual(tracksIn(quick.received));
});

test('too many clients are told to come later, and a page of another site never gets in', async () => {
  const clients = await Promise.all([1, 2, 3].map(() => aFeedClient(feed.url)));
  expect(await (await aFeedClient(feed.url)).closed).toBe(1013);
  for (const client of clients) client.socket.close();
  await expect(aFeedClient(feed.url, 0, { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
});

test('clients are told when the server goes away', async () => {
  const other = await feed.start();
  const client = await aFeedClient(other.url);
  await other.close();
  expect(await client.closed).toBe(1001);
});
