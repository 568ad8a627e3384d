import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { aFeed } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aPart, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import type { RawTrack } from '#track/raw.ts';
import type { PhaseReport } from '#track/report.ts';
import { TOPOLOGY } from '#track/topology.ts';

let browser: Browser;
let feed: Awaited<ReturnType<typeof aFeed>>;
let page: Page;
let trouble: string[];

beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: chromiumArgs(), headless: true });
});
afterAll(() => browser.close());

beforeEach(async () => {
  feed = await aFeed();
  trouble = [];
  page = await browser.newPage();
  await page.setViewport({ width: 1360, height: 900 });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
});
afterEach(async () => {
  await page.close();
  await feed.close();
});

const raw = (n: number, over: Partial<RawTrack> = {}): RawTrack =>
  aRawTrack({
    track: trackId(n),
    name: `Track ${n}`,
    artists: ['Somebody'],
    runId: 'run-1',
    runTotal: 3,
    playlist: {
      id: 'summer',
      name: 'Summer <b>2026</b>',
      snapshotId: 's1',
      positions: [n],
      url: null,
      curator: null,
      isEditorial: null,
    },
    ...over,
  });

const report = (status: PhaseReport['status'] = 'enriched'): PhaseReport => ({
  status,
  at: AT,
  code: null,
  attempts: 1,
  confirmedAt: null,
});

function complete(track: RawTrack): TrackEvent {
  const event = aTrackEvent({}, track);
  const status = aPart(
    { status: 'unsigned' as const, writers: [], partial: false, adminOnly: false, evidence: [] },
    { askedBy: 'work:1' },
  );
  const reports = { ...Object.fromEntries(PHASES.map((phase) => [phase, report()])), links: report('failed') };
  return {
    ...event,
    reports: { ...event.reports, ...reports },
    sections: { ...event.sections, publishing: { work: null, status } },
  };
}

/** Brings records into the read model while the page looks on. */
async function happen(...records: readonly (readonly [string, unknown])[]) {
  const log = aLog();
  for (const [index, [topic, value]] of records.entries()) log.append(topic, value, { partition: partition + index });
  partition += records.length;
  await serveAll(log, feed.model.ports);
}
let partition = 0;

const textOf = (selector: string) =>
  page.$eval(selector, (element) => element.textContent?.replace(/\s+/g, ' ').trim());
const seen = (selector: string, text: string) => {
  const shown = `document.querySelector(${JSON.stringify(selector)})?.textContent.replace(/\\s+/g, ' ')`;
  return page.waitForFunction(`${shown}?.includes(${JSON.stringify(text)})`, { timeout: 10_000 });
};

test('an empty page says what to do, and that the data will be made up', async () => {
  await page.goto(feed.url);
  await seen('#connection', 'live');
  expect(await textOf('#sandbox')).toBe(
    'Sandbox data. Spotify: answered by the built-in stand-ins. These facts are made up.',
  );
  expect(await page.$eval('#runs-empty', (element) => element.checkVisibility())).toBe(true);
  expect(await textOf('#tracks-empty')).toBe('No track yet.');
  expect(trouble).toEqual([]);
});

test('runs progress and tracks fill in while one looks, and text from playlists stays text', async () => {
  await page.goto(feed.url);
  await seen('#connection', 'live');
  const nasty = raw(1, { name: '<img src=x onerror="document.title=1">' });
  await happen(['tracks.raw', nasty], ['tracks.raw', raw(2)]);
  await seen('#track-rows', 'Track 2');
  await seen('.run', 'Summer <b>2026</b>0 of 3');
  await happen([TOPOLOGY.analytics.to, complete(raw(2))]);
  await seen('.run p', '1 complete · 1 degraded · 1 in flight');
  const rows = await page.$$eval('#track-rows tr', (found) =>
    found.map((row) => [...row.querySelectorAll('.phase, .badge, th')].map((cell) => cell.textContent?.trim())),
  );
  const dash = 'not there yet';
  const done = '✓enriched';
  expect(rows).toEqual([
    ['<img src=x onerror="document.title=1">Somebody', dash, dash, dash, dash, dash],
    ['Track 2Somebody', done, done, done, '!failed, went on without', done, 'unsigned'],
  ]);
  expect(await page.title()).toBe('linernotes');
  await seen('#total-degraded', '1');
  expect(trouble).toEqual([]);
});

test('filters ask the server, by keyboard too, and live changes keep the filtered list true', async () => {
  await happen(['tracks.raw', raw(1)], ['tracks.raw', raw(2)], ['tracks.raw', raw(3)]);
  await page.goto(feed.url);
  await seen('#track-rows', 'Track 3');
  await page.focus('select[name=status]');
  await page.keyboard.type('Compl');
  await seen('#tracks-empty', 'No track fits these filters.');
  await happen([TOPOLOGY.analytics.to, complete(raw(2))]);
  await seen('#track-rows', 'Track 2');
  expect(await page.$$eval('#track-rows tr', (rows) => rows.length)).toBe(1);
  expect(trouble).toEqual([]);
});

test('a page that lost its connection resumes and shows what happened meanwhile', async () => {
  await page.goto(feed.url);
  await seen('#connection', 'live');
  await feed.stop();
  await seen('#connection', 'lost');
  await happen(['tracks.raw', raw(1)]);
  await feed.startAgain();
  await seen('#track-rows', 'Track 1');
  await seen('#connection', 'live');
});
