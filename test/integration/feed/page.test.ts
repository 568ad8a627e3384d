import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { operationAt } from '#app/operations/append.ts';
import type { Timeline } from '#feed/timeline-ports.ts';
import type { Headers } from '#stream/record.ts';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { aFeed } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aPart, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import type { RawTrack } from '#track/raw.ts';
import type { PhaseReport } from '#track/report.ts';
import { OPERATIONS_TOPIC, TOPOLOGY } from '#track/topology.ts';

let browser: Browser;
let feed: Awaited<ReturnType<typeof aFeed>>;
let page: Page;
let trouble: string[];

beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: chromiumArgs(), headless: true });
});
afterAll(() => browser.close());

beforeEach(async () => {
  partition = 0;
  feed = await aFeed({ readTimeline: async () => timeline });
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

const timeline: Timeline = {
  trackId: trackId(1),
  name: 'Track 1',
  artists: [],
  diagnosis: { verdict: 'waiting', sentence: 'Waits at links: the stage is paused' },
  entries: [
    {
      ...{ topic: 'tracks.raw', partition: 0, offset: 0, at: new Date(AT).toISOString(), kind: 'event', lane: 'live' },
      ...{ phase: null, runId: 'run-1', id: 'x', status: null, code: null, attempts: null, letter: null },
      message: 'seen in “Summer”',
    },
  ],
  calls: [],
  operations: [],
  runs: [],
  read: { partitions: 16, records: 12, milliseconds: 3, since: null, whole: true },
};

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
    { status: 'unsigned' as const, writers: [], partial: false, adminOnly: false, evidence: [], judgedWith: [] },
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
async function happen(...records: readonly (readonly [string, unknown, Headers?])[]) {
  const log = aLog();
  for (const [index, [topic, value, headers = {}]] of records.entries())
    log.append(topic, value, { partition: partition + index, headers });
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
  await seen('#sandbox', 'Sandbox data. Spotify: answered by the built-in stand-ins. These facts are made up.');
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

test('a run that is cancelled anywhere says so, by whom and why, while one looks', async () => {
  await page.goto(feed.url);
  await seen('#connection', 'live');
  await happen(['tracks.raw', raw(1)]);
  await seen('.run p', '1 in flight');
  const cancel = { id: 'c-1', kind: 'cancel', by: 'ada', target: 'run-1', reason: 'the <b>wrong</b> file' } as const;
  await happen([OPERATIONS_TOPIC, operationAt(cancel, AT)]);
  await seen('.run p', 'cancelled by ada: the <b>wrong</b> file');
  expect(await page.$eval('.run .cancel', (button) => button.checkVisibility())).toBe(false);
  await happen(['tracks.raw', raw(2)]);
  await seen('.run p', '2 in flight · cancelled by ada');
  expect(trouble).toEqual([]);
});

test('regression: filter "fully enriched": filters ask the server, by keyboard too, and live changes keep the filtered list true', async () => {
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

describe('the panel of a track', () => {
  const letter = (over: Headers = {}): Headers => ({
    'dl-id': 'tracks.links:tracks.publishing-checked:0:1',
    'dl-origin-topic': 'tracks.publishing-checked',
    'dl-origin-partition': '0',
    'dl-origin-offset': '1',
    'dl-attempts': '3',
    'dl-error': 'PROVIDER_DOWN',
    'dl-error-message': '<b>nobody</b> answers',
    'dl-forwarded': 'true',
    'dl-last-failed-at': new Date(AT + 1000).toISOString(),
    ce_subject: trackId(1),
    'run-id': 'run-1',
    ...over,
  });

  const rich = (): TrackEvent => {
    const event = complete(raw(1, { isrc: 'QZABC2600001', label: 'Harbour Tapes' }));
    const writer = (name: string, url: string) => ({
      ...{ name, mbid: null, ipi: '123', matchedBy: 'ipi' as const },
      links: [{ kind: 'website', url }],
    });
    const writers = [writer('Ada <i>Writer</i>', 'https://ada.example/'), writer('Bo', 'javascript:document.title=1')];
    const publisher = { name: 'Small House', ipi: null, roleCode: 'E', share: 50, administrators: [], parents: [] };
    const work = {
      ...{ songCode: 'S1', iswc: 'T-1', title: 'Song', writers: [], otherSongCodes: [] },
      publishers: [publisher],
    };
    const { publishing } = event.sections;
    return {
      ...event,
      sections: {
        ...event.sections,
        credits: { ...event.sections.credits, source: aPart({ names: ['Canada <b>Sounds</b>'] }) },
        links: { recording: null, writers: aPart({ writers }, { askedBy: 'isrc:QZABC2600009' }) },
        publishing: { ...publishing, work: aPart(work, { askedBy: 'isrc:QZABC2600001' }) },
      },
    };
  };

  async function withRichTrack() {
    await happen(['tracks.raw', raw(1, { isrc: 'QZABC2600001' })], [TOPOLOGY.analytics.to, rich()]);
    await happen([TOPOLOGY.links.dlq, 'x', letter()]);
    await page.goto(feed.url);
    await seen('#track-rows', 'Track 1');
  }

  test('opens by keyboard, tells everything with source, and gives the keyboard back', async () => {
    await withRichTrack();
    await page.focus('#track-rows button');
    await page.keyboard.press('Enter');
    await seen('#panel-body', 'Small House');
    expect(await textOf('#panel-title')).toBe('Track 1');
    const body = await textOf('#panel-body');
    for (const words of [
      'ISRCQZABC2600001playlist · 2 Jan 2026',
      'Ada <i>Writer</i>',
      'Small House50 %',
      'Links! failed, went on without',
      'Links writers was asked by isrc:QZABC2600009, but the track is isrc:QZABC2600001',
      'Label: Credits page says “Canada <b>Sounds</b>”.',
      'Links: PROVIDER_DOWN open<b>nobody</b> answers3 attempts',
      'tracks.links.dlq/2@0',
      'Summer <b>2026</b> at 2',
    ])
      expect(body).toContain(words);
    const links = await page.$$eval('#panel .links a', (anchors) =>
      anchors.map((anchor) => anchor.getAttribute('href')),
    );
    expect(links).toEqual(['https://ada.example/']);
    expect(await page.evaluate('location.hash')).toBe(`#track=${trackId(1)}`);
    await page.keyboard.press('Escape');
    await page.waitForFunction('!document.getElementById("panel").open');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Track 1');
    await page.waitForFunction('location.hash === ""');
    expect(trouble).toEqual([]);
  });

  test('opens by the mouse anywhere in the row, and by its address; it follows what happens', async () => {
    await withRichTrack();
    await page.click('#track-rows tr td:last-child');
    await seen('#panel-body', 'open');
    const mended = { ...report(), at: AT + 2000 };
    const event = rich();
    await happen(['tracks.complete', { ...event, reports: { ...event.reports, links: mended } }]);
    await seen('#panel-body .letters', 'superseded');
    await page.goto('about:blank');
    await page.goto(`${feed.url}#track=${trackId(1)}`);
    await seen('#panel-body', 'Small House');
    expect(trouble).toEqual([]);
  });

  test('tells why the track is where it is when asked', async () => {
    await withRichTrack();
    await page.click('#track-rows button');
    await seen('#panel-body', 'Small House');
    await page.click('#panel-why');
    await seen('#panel-timeline', 'Waits at links: the stage is paused');
    expect(await textOf('#panel-timeline li')).toContain('Arrived seen in');
    expect(await textOf('#panel-timeline')).toContain('1 of 12 records in 16 partitions');
  });
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
