import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getPriority, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { residentBytes } from '#adapters/browser/memory.ts';
import { PAGE_READER_DEFAULTS, type PageReaderOptions, pageReader } from '#adapters/browser/page-reader.ts';
import { memoryPlaces } from '#adapters/memory/places.ts';
import { bareEnvironment } from '#local/environment.ts';
import type { PageRequest } from '#providers/web-player/page.ts';
import { machineMs, type Place } from '#providers/web-player/places.ts';
import { failure } from '#stream/failure.ts';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { browsersBelow, descendants, isAlive, tabsBelow } from '#test/support/browser-processes.ts';
import { exposedIn } from '#test/support/exposed.ts';
import { startChild } from '#test/support/processes.ts';

type Asked = { readonly path: string; readonly language: string };

/** A site of which the test says how it answers; counts documents that are open at once. */
function site() {
  const asked: Asked[] = [];
  let open = 0;
  let most = 0;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.writeHead(404).end();
  };
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', language: request.headers['accept-language'] ?? '' });
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    answer(request, response);
  });
  return {
    server,
    asked,
    most: () => most,
    answers: (next: typeof answer) => {
      answer = next;
    },
    url: (path = '/track/1') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
  };
}

const never = (): void => undefined;
const page = (body: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><body>${body}</body></html>`);
};
const TRACK = '<section data-testid="track-page"><span data-testid="entityTitle"><h1>Example</h1></span></section>';

/** What Linux says of the niceness of a process's session, where it has such a thing. */
const sessionNice = (pid: number): string => {
  const file = `/proc/${pid}/autogroup`;
  return existsSync(file) ? (/nice .*$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? '') : '';
};

const SECRET = 'kept-from-the-browser';

describe('the browser', () => {
  let pages: ReturnType<typeof pageReader>;
  let there: ReturnType<typeof site>;

  const open = (over: Partial<PageReaderOptions> = {}): void => {
    pages = pageReader({
      ...PAGE_READER_DEFAULTS,
      executablePath: chromiumPath(),
      args: chromiumArgs(),
      env: bareEnvironment(process.env),
      places: memoryPlaces(2),
      pageMs: 15_000,
      ...over,
    });
  };
  const request = (over: Partial<PageRequest> = {}): PageRequest => ({
    url: there.url(),
    credits: false,
    scope: { lane: 'live', signal: new AbortController().signal },
    admit: async () => null,
    ...over,
  });
  const browsers = () => browsersBelow(process.pid);
  const guards = (worker = process.pid) =>
    descendants(worker).flatMap(({ pid, command }) => (command.includes('guard.mjs') ? [pid] : []));
  const profiles = (pid = process.pid) =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`linernotes-browser-${pid}-`));

  beforeEach(async () => {
    there = site();
    await new Promise<void>((listening) => there.server.listen(0, '127.0.0.1', listening));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await pages.close();
    there.server.closeAllConnections();
    there.server.close();
    expect(browsers()).toEqual([]);
    expect(profiles()).toEqual([]);
  });

  it('F4 scrape load bounded, T2.6 the concurrency limit holds under load: opens no more tabs than it may, and as many', async () => {
    open({ places: memoryPlaces(2) });
    there.answers((_, response) => {
      void wait(80).then(() => response.writeHead(404).end());
    });
    const visits = await Promise.all(
      Array.from({ length: 8 }, (_, n) => pages.read(request({ url: there.url(`/track/${n}`) }))),
    );
    expect(visits.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 404));
    expect(there.most()).toBe(2);
  });

  it('asks for English, and for no pictures', async () => {
    open();
    there.answers((asked, response) => {
      if (asked.url === '/data') response.writeHead(200).end('{}');
      else
        page(
          `<img src="/picture.png"><script>fetch('/data').then(() => { document.body.innerHTML += '${TRACK}' })</script>`,
        )(asked, response);
    });
    const visit = await pages.read(request());
    expect(visit.dom?.title).toBe('Example');
    expect(there.asked).toEqual([
      { path: '/track/1', language: 'en-US,en;q=0.9' },
      { path: '/data', language: 'en-US,en;q=0.9' },
    ]);
  });

  it('reads the next page in the same tab, where nothing is left of what the page before has stored', async () => {
    open({ places: memoryPlaces(1) });
    const processes: (readonly number[])[] = [];
    const stored = `
      const found = [document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)];
      const keep = (store) => { store.kept = 'by ' + store.constructor.name; };
      [localStorage, sessionStorage].forEach(keep);
      addEventListener('pagehide', () => [localStorage, sessionStorage].forEach(keep));
      document.cookie = 'kept=by the page; path=/';
      (async () => {
        found.push(...(await indexedDB.databases()).map(({ name }) => name), ...(await caches.keys()));
        await new Promise((opened) => { indexedDB.open('kept').onsuccess = opened; });
        await caches.open('kept');
        document.body.innerHTML += '${TRACK}'.replace('Example', 'found ' + found.filter(Boolean).join());
      })();`;
    there.answers((asked, response) => {
      processes.push(tabsBelow(process.pid));
      response.setHeader('set-cookie', `kept=by the site; path=/; HttpOnly`);
      if (asked.headers.cookie !== undefined) response.writeHead(400).end();
      else page(`<script>${stored}</script>`)(asked, response);
    });
    for (const path of ['/track/1', '/track/2', '/track/3']) {
      const visit = await pages.read(request({ url: there.url(path) }));
      expect(visit).toMatchObject({ status: 200, trouble: null, dom: { title: 'found' } });
    }
    const [, second, third] = processes;
    expect(second?.length).toBeGreaterThan(0);
    expect(third).toEqual(second);
  });

  it('closes a tab that no page comes to, and opens another', async () => {
    open({ idleMs: 100 });
    there.answers(page(TRACK));
    await pages.read(request());
    await expect.poll(() => tabsBelow(process.pid), { timeout: 5_000 }).toEqual([]);
    expect((await pages.read(request())).dom?.state).toBe('track');
  });

  it('takes a new browser after so many pages, and ends the old one', async () => {
    open({ pagesPerBrowser: 2 });
    const seen = new Set<number>();
    for (let count = 0; count < 5; count += 1) {
      there.answers((_, response) => {
        for (const pid of browsers()) seen.add(pid);
        response.writeHead(404).end();
      });
      await pages.read(request());
    }
    expect(seen.size).toBe(3);
    await expect.poll(() => browsers().length, { timeout: 10_000 }).toBe(1);
  });

  it('takes a new browser when the old one has grown over its mark', async () => {
    const seen: (readonly number[])[] = [];
    const visit = async (bytes: number, ms: number): Promise<void> => {
      const script = `const kept = new Uint8Array(${bytes}).fill(1);
        setTimeout(() => { document.body.innerHTML += '${TRACK}' + kept.length; }, ${ms});`;
      there.answers((asked, response) => {
        seen.push(browsers());
        page(`<script>${script}</script>`)(asked, response);
      });
      expect((await pages.read(request())).dom?.title).toBe('Example');
    };
    open();
    await visit(0, 0);
    const small = await residentBytes(guards()[0] ?? 0)();
    if (small === null) return;
    await pages.close();

    seen.length = 0;
    open({ bytesPerBrowser: small + 300_000_000 });
    await visit(0, 1_500);
    await visit(500_000_000, 1_500);
    await visit(0, 0);
    const [first, second, third] = seen;
    expect(second).toEqual(first);
    expect(third).not.toContain(first?.[0]);
  });

  it('ends a browser at once that has grown to twice its mark', async () => {
    if ((await residentBytes(process.pid)()) === null) return;
    open({ bytesPerBrowser: 50_000_000 });
    there.answers(never);
    expect((await pages.read(request())).trouble?.code).toBe('BROWSER');
  });

  it('knows nothing of our secrets, nor does any process of its own', async () => {
    vi.stubEnv('MLC_PASSWORD', SECRET);
    open();
    let exposed: readonly string[] | null = null;
    there.answers((_, response) => {
      const [pid = 0] = browsers();
      exposed = exposedIn([pid, ...descendants(pid).map((child) => child.pid)], SECRET);
      response.writeHead(404).end();
    });
    await pages.read(request());
    expect(exposed).toEqual([]);
  });

  it('tells of a tab that crashed and reads the next page', async () => {
    open();
    there.answers(page('<h1>nothing yet</h1>'));
    const reading = pages.read(request());
    await expect.poll(() => there.asked.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => tabsBelow(process.pid).length, { timeout: 10_000 }).toBeGreaterThan(0);
    for (const pid of tabsBelow(process.pid)) process.kill(pid, 'SIGKILL');
    expect((await reading).trouble?.code).toBe('BROWSER');
    there.answers(page(TRACK));
    expect((await pages.read(request())).dom?.state).toBe('track');
  });

  it('tells of a browser that was killed and starts another', async () => {
    open();
    there.answers(never);
    const reading = Promise.all(['/1', '/2'].map((path) => pages.read(request({ url: there.url(path) }))));
    await expect.poll(() => there.asked.length, { timeout: 10_000 }).toBe(2);
    for (const pid of browsers()) process.kill(pid, 'SIGKILL');
    expect((await reading).map(({ trouble }) => trouble?.code)).toEqual(['BROWSER', 'BROWSER']);
    there.answers(page(TRACK));
    expect((await pages.read(request())).dom?.state).toBe('track');
  });

  it('gives up a page that hangs its tab, and reads the next', async () => {
    open({ places: memoryPlaces(1), pageMs: 2_000 });
    there.answers(page('<script>for (;;);</script>'));
    expect((await pages.read(request())).trouble?.code).toBe('TIMEOUT');
    there.answers(page(TRACK));
    expect((await pages.read(request())).dom?.state).toBe('track');
  });

  it('sends nothing when it is not admitted, and lets a lost governor through', async () => {
    open();
    const refused = failure('RATE_LIMITED', 'not now', 5_000);
    expect((await pages.read(request({ admit: async () => refused }))).trouble).toEqual(refused);
    const lost = new Error('postgres cannot be reached');
    await expect(pages.read(request({ admit: () => Promise.reject(lost) }))).rejects.toBe(lost);
    expect(there.asked).toEqual([]);
  });

  it('ends the wait for a tab with its asker, and serves live before replay', async () => {
    open({ places: memoryPlaces(1) });
    const held: ServerResponse[] = [];
    there.answers((_, response) => void held.push(response));
    const first = pages.read(request({ url: there.url('/first') }));
    await expect.poll(() => held.length, { timeout: 10_000 }).toBe(1);
    const gone = new AbortController();
    const waiting = pages.read(request({ url: there.url('/gone'), scope: { lane: 'live', signal: gone.signal } }));
    const signal = new AbortController().signal;
    const replay = pages.read(request({ url: there.url('/replay'), scope: { lane: 'replay', signal } }));
    const live = pages.read(request({ url: there.url('/live'), scope: { lane: 'live', signal } }));
    gone.abort(new Error('nobody waits'));
    await expect(waiting).rejects.toThrow('nobody waits');
    there.answers((_, response) => void response.writeHead(404).end());
    held[0]?.writeHead(404).end();
    await Promise.all([first, replay, live]);
    expect(there.asked.map(({ path }) => path)).toEqual(['/first', '/live', '/replay']);
  });

  it('ends what it reads when it is closed', async () => {
    open();
    there.answers(never);
    const reading = pages.read(request());
    await expect.poll(() => there.asked.length, { timeout: 10_000 }).toBe(1);
    await pages.close();
    expect((await reading).trouble?.code).toBe('BROWSER');
    expect((await pages.read(request())).trouble?.code).toBe('BROWSER');
  });

  it('runs with all its processes at the niceness that it is given', async () => {
    open({ nice: 7 });
    const seen: { readonly nice: number; readonly session: string }[] = [];
    there.answers((_, response) => {
      const [pid = 0] = browsers();
      for (const one of [pid, ...descendants(pid).map((child) => child.pid)])
        seen.push({ nice: getPriority(one), session: sessionNice(one) });
      response.writeHead(404).end();
    });
    await pages.read(request());
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen.map(({ nice }) => nice))).toEqual(new Set([7]));
    // Empty where the kernel groups no sessions, or not this one's; a session it groups starts at nice 0.
    for (const { session } of seen) expect(['', 'nice 7']).toContain(session);
  });

  it('ends, with all that is read in it, when its places lapse, and gives up no place before it is gone', async () => {
    const lapses = machineMs() + 2_000;
    const left: (readonly number[])[] = [];
    const place: Place = { until: () => lapses, leave: () => void left.push(browsers()) };
    open({ places: { take: async () => place, settled: async () => undefined } });
    there.answers(never);
    expect((await pages.read(request())).trouble?.code).toBe('BROWSER');
    expect(machineMs()).toBeGreaterThanOrEqual(lapses);
    await expect.poll(() => left, { timeout: 5_000 }).toEqual([[]]);
    expect((await pages.read(request())).trouble).toMatchObject({ code: 'BROWSER' });
    expect(there.asked.length).toBe(1);
  });

  it('does not outlive a worker that is killed even when it hangs', async () => {
    const child = startChild(
      [resolve('test/integration/credits/read-forever.ts'), there.url(), chromiumPath(), ...chromiumArgs()],
      {},
    );
    await child.says('read 404', 20_000);
    const all = descendants(child.pid).map(({ pid }) => pid);
    for (const pid of browsersBelow(child.pid)) process.kill(pid, 'SIGSTOP');
    await child.kill();
    await expect.poll(() => all.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  it('does not outlive its guard', async () => {
    open();
    there.answers(never);
    const reading = pages.read(request());
    await expect.poll(() => there.asked.length, { timeout: 10_000 }).toBe(1);
    const [browser = 0] = browsers();
    for (const pid of guards()) process.kill(pid, 'SIGKILL');
    expect((await reading).trouble?.code).toBe('BROWSER');
    await expect.poll(() => isAlive(browser), { timeout: 5_000 }).toBe(false);
  });

  it('that hangs and has outlived its worker and its guard is ended by the next one', async () => {
    open();
    const script = resolve('test/integration/credits/read-forever.ts');
    const child = startChild([script, there.url(), chromiumPath(), ...chromiumArgs()], {});
    await child.says('read 404', 20_000);
    const left = browsersBelow(child.pid);
    for (const pid of [child.pid, ...left]) process.kill(pid, 'SIGSTOP');
    for (const pid of guards(child.pid)) process.kill(pid, 'SIGKILL');
    await child.kill();
    expect(left.map(isAlive)).toEqual([true]);
    await pages.read(request());
    await expect.poll(() => left.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => profiles(child.pid), { timeout: 5_000 }).toEqual([]);
  });

  it('does not outlive a worker that is killed, and the next one removes what it left on disk', async () => {
    open();
    const script = resolve('test/integration/credits/read-forever.ts');
    const child = startChild([script, there.url(), chromiumPath(), ...chromiumArgs()], {});
    await child.says('read 404', 20_000);
    const left = browsersBelow(child.pid);
    expect(left.length).toBe(1);
    await child.kill();
    await expect.poll(() => left.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    await pages.read(request());
    expect(profiles(child.pid)).toEqual([]);
  });
});
