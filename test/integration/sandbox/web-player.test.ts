import puppeteer, { type Browser, type HTTPResponse, type Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseId, hardNames } from '#sandbox/web-player/cases.ts';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { at, catalogue, sandboxForTests } from './ask.ts';

const sandbox = await sandboxForTests();
let browser: Browser;
beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: chromiumArgs(), headless: true });
});
afterAll(() => browser.close());

/** What a visitor finds: the texts of the page, of the credits dialog, and the page's own answers by operation. */
type Visit = { page: Page; answers: Map<string, unknown>; text: (selector: string) => Promise<string | null> };

async function visit(id: string, ready = '[data-testid="track-page"]'): Promise<Visit> {
  const page = await browser.newPage();
  const answers = new Map<string, unknown>();
  page.on('response', (response) => void keep(answers, response));
  await page.goto(`${sandbox.urls.SPOTIFY_WEB_URL}/track/${id}`);
  await page.waitForSelector(ready, { timeout: 5000 });
  const text = async (selector: string): Promise<string | null> =>
    (await page.$(selector)) === null ? null : await page.$eval(selector, (element) => element.textContent);
  return { page, answers, text };
}

async function keep(answers: Map<string, unknown>, response: HTTPResponse): Promise<void> {
  const asked = response.request().postData();
  if (asked !== undefined) answers.set(String(at(JSON.parse(asked), 'operationName')), await response.json());
}

async function openCredits({ page }: Visit): Promise<void> {
  await page.click('[data-testid="more-button"]');
  await page.click('#context-menu [role="menuitem"]');
  await page.waitForSelector('[role="dialog"]');
}

/** The dialog's lines: of each block under the heading its first element and the others. */
const dialogLines = ({ page }: Visit): Promise<string[][]> =>
  page.$$eval('[role="dialog"] > div', (blocks) =>
    blocks.map((block) =>
      [...block.children].map((child) =>
        [...(child.children.length > 0 ? child.children : [child])].map((one) => one.textContent).join('|'),
      ),
    ),
  );

describe("the web player's stand-in in Chromium", () => {
  it('case 1: shows title, artists, album and play count, and its JSON says the same', async () => {
    const seen = await visit(caseId(1));
    const recording = catalogue.recording(catalogue.resolve.track(caseId(1)) ?? -1);
    expect(await seen.text('[data-testid="entityTitle"] h1')).toBe(recording.title);
    expect(await seen.text('a[data-testid="creator-link"]')).toBe(recording.artists[0]?.name);
    expect(await seen.text('a[href*="/album/"]')).toBe(recording.albumName);
    expect(await seen.text('[data-testid="playcount"]')).toBe('1,234,567');
    await expect.poll(() => [...seen.answers.keys()]).toEqual(['getTrack', 'getAlbum']);
    expect(at(seen.answers.get('getTrack'), 'data', 'trackUnion')).toMatchObject({
      id: caseId(1),
      playcount: '1234567',
    });
  });

  it('case 2: opens a dialog grouped by role group, and asks for the credits only then', async () => {
    const seen = await visit(caseId(2));
    expect(await seen.text('#context-menu')).toBeNull();
    await openCredits(seen);
    expect(await seen.page.$$eval('[role="dialog"] h2', (all) => all.map((one) => one.textContent))).toContain(
      'Composition & Lyrics',
    );
    await expect.poll(() => [...seen.answers.keys()]).toContain('queryTrackCreditsGroupedModal');
    expect(await seen.text('[role="dialog"] > p')).toMatch(/^Source: /);
  });

  it('case 3: opens the flat dialog of 2025', async () => {
    const seen = await visit(caseId(3));
    await openCredits(seen);
    const headings = (await dialogLines(seen)).map(([heading]) => heading);
    expect(headings).toEqual(['Performed by', 'Written by', 'Produced by']);
  });

  it('case 4: shows a dialog whose groups are empty', async () => {
    const seen = await visit(caseId(4));
    await openCredits(seen);
    expect(await dialogLines(seen)).toEqual([['Artist'], ['Composition & Lyrics'], ['Production & Engineering']]);
  });

  it('case 5: has no play count', async () => {
    const seen = await visit(caseId(5));
    expect(await seen.text('[data-testid="playcount"]')).toBeNull();
    expect(at(seen.answers.get('getTrack'), 'data', 'trackUnion')).not.toHaveProperty('playcount');
  });

  it('case 6: covers the menu until the consent banner is answered', async () => {
    const seen = await visit(caseId(6));
    await seen.page.click('[data-testid="more-button"]');
    expect(await seen.text('#context-menu')).toBeNull();
    await seen.page.click('#onetrust-reject-all-handler');
    await openCredits(seen);
  });

  it('case 7: shows a blank page where the track is restricted', async () => {
    const seen = await visit(caseId(7));
    expect(await seen.text('[data-testid="entityTitle"] h1')).toBe('');
    expect(await seen.text('[data-testid="creator-link"]')).toBe('Various Artists');
    expect(at(seen.answers.get('getTrack'), 'data', 'trackUnion', 'playability')).toEqual({
      playable: false,
      reason: 'COUNTRY_RESTRICTED',
    });
  });

  it('case 8: says so when there is no such track', async () => {
    const seen = await visit(caseId(8), '#main h1');
    expect(await seen.text('#main')).toBe("Couldn't find that song");
  });

  it.each([
    [10, 'queryTrackCreditsGroupedModal'],
    [11, 'queryTrackCreditsPanel'],
  ])('case %i: still draws itself when its JSON cannot be read', async (number, operation) => {
    const seen = await visit(caseId(number));
    await openCredits(seen);
    expect((await dialogLines(seen)).length).toBeGreaterThan(1);
    await expect.poll(() => seen.answers.has(operation)).toBe(true);
    expect(at(seen.answers.get(operation), 'data', 'trackUnion', 'creditsTrait', 'contributors')).toBeUndefined();
  });

  it.each([
    [0, '1.234.567', 'Credits anzeigen'],
    [1, '1\u202f234\u202f567', 'Afficher les crédits'],
    [2, '1,234,567', '크레딧 보기'],
  ])('case 12.%i: groups numbers and words as its language does', async (variant, count, menu) => {
    const seen = await visit(caseId(12, variant));
    expect(await seen.text('[data-testid="playcount"]')).toBe(count);
    await seen.page.click('[data-testid="more-button"]');
    expect(await seen.text('[role="menuitem"]')).toBe(menu);
  });

  it('case 15: gives every hard name an element of its own', async () => {
    const seen = await visit(caseId(15, 1));
    await openCredits(seen);
    expect((await dialogLines(seen)).find(([heading]) => heading === 'Written by')?.slice(1)).toEqual([...hardNames]);
  });

  it('case 16: names one person in two groups', async () => {
    const seen = await visit(caseId(16));
    await openCredits(seen);
    expect(await dialogLines(seen)).toEqual([
      ['Composition & Lyrics', 'Ysolde Marrow|Composer', 'Tam Orrin|Composer'],
      ['Production & Engineering', 'Ysolde Marrow|Producer'],
    ]);
  });

  it('case 17: lists sixty contributors', async () => {
    const seen = await visit(caseId(17));
    await openCredits(seen);
    expect((await dialogLines(seen))[0]?.length).toBe(61);
  });

  it.each([
    [0, '0'],
    [1, '7'],
    [2, '999'],
    [3, '5,012,345,678'],
  ])('case 18.%i: shows the play count %s', async (variant, count) => {
    const seen = await visit(caseId(18, variant));
    expect(await seen.text('[data-testid="playcount"]')).toBe(count);
  });

  it('serves every track of the catalogue, with the play counts of its album', async () => {
    const [id = ''] = catalogue.find.idsWith(
      (one) =>
        one.album.size > 7 && one.playCount !== null && !one.has('unknownToSpotify') && !one.has('regionRestricted'),
      1,
    );
    const seen = await visit(id);
    await expect.poll(() => seen.answers.has('getAlbum')).toBe(true);
    const items = at(seen.answers.get('getAlbum'), 'data', 'albumUnion', 'tracksV2', 'items') as readonly unknown[];
    const own = items.find((item) => at(item, 'track', 'uri') === `spotify:track:${id}`);
    expect(at(own, 'track', 'playcount')).toBe(
      String(catalogue.recording(catalogue.resolve.track(id) ?? -1).playCount),
    );
    expect(sandbox.calls().providers['web-player']?.endpoints).toHaveProperty(['pathfinder:getAlbum']);
  });
});
