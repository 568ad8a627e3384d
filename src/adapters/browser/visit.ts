import type { Page } from 'puppeteer';
import type { DomReading, PageAnswer, PageVisit } from '#providers/web-player/page.ts';
import { saysNobody, saysNoTrack } from '#providers/web-player/wire.ts';
import type { Answers } from './answers.ts';
import { chooseCredits, isDialogFilled, openMenu, readPage, stateOfPage } from './in-page.ts';
import { within } from './within.ts';

export type VisitOptions = {
  readonly url: string;
  readonly credits: boolean;
  readonly pageMs: number;
  /** Longest wait for one thing that the page should draw soon: itself after its JSON came, the menu, the dialog. */
  readonly drawMs: number;
};

/** Longest wait for an album's counts: they save pages, and no page is worth more than a few seconds. */
const ALBUM_MS = 2_000;

/** What a visit has told so far; it stays when a later step fails. */
export type Told = { -readonly [Name in 'status' | 'retryAfter' | 'dom']: PageVisit[Name] };

const isTrack = ({ operation }: PageAnswer): boolean => operation === 'getTrack';
const isCredits = ({ operation }: PageAnswer): boolean => /credit/i.test(operation ?? '');
const isAlbum = ({ operation }: PageAnswer): boolean => operation === 'getAlbum';
const isDone = ({ status, error }: PageAnswer): boolean => status !== null || error !== null;
const isRefused = ({ status, error }: PageAnswer): boolean => error !== null || (status !== null && status >= 400);

/**
 * Waits for a condition in the page; `null` when it does not come true in time. It is looked at first and after every mutation
 * (background tabs draw no frames), so a condition that is not true yet must change nothing itself.
 */
async function when<Value>(page: Page, condition: () => Value, timeout: number): Promise<Awaited<Value> | null> {
  try {
    const handle = await page.waitForFunction(condition, { polling: 'mutation', timeout });
    return (await handle.jsonValue()) as Awaited<Value>;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return null;
    throw error;
  }
}

const nullIfLate = <Value>(value: Value | 'late'): Value | null => (value === 'late' ? null : value);

/** Waits until the page shows what it is, or until its own JSON leaves nothing to wait for. */
async function settledState(page: Page, answers: Answers, { pageMs, drawMs }: VisitOptions) {
  const showing = when(page, stateOfPage, pageMs);
  const hopeless = answers.until((answer) => isTrack(answer) && (isRefused(answer) || saysNoTrack(answer.json)));
  const answered = answers.until((answer) => isTrack(answer) && isDone(answer));
  const state = await Promise.race([
    showing,
    hopeless.then(() => null),
    answered.then(() => within(showing, drawMs)).then(nullIfLate),
  ]);
  return state ?? 'nothing';
}

/** Opens the credits and waits until the dialog names somebody, or until the page's own JSON says that it will not. */
async function showCredits(page: Page, answers: Answers, drawMs: number): Promise<void> {
  await page.evaluate(openMenu);
  if ((await when(page, chooseCredits, drawMs)) === null) return;
  await Promise.race([
    when(page, isDialogFilled, drawMs),
    answers.until((answer) => isCredits(answer) && (isRefused(answer) || saysNobody(answer.json))),
  ]);
}

/** Lets the counts of the album come that the page has asked for. A page that does not ask for them is not waited for. */
async function awaitAlbum(answers: Answers, drawMs: number): Promise<void> {
  if (!answers.awaits(isAlbum)) return;
  await within(
    answers.until((answer) => isAlbum(answer) && isDone(answer)),
    Math.min(drawMs, ALBUM_MS),
  );
}

/** Goes to a page of the web player and reads it step by step. Rejects with the browser's errors. */
export async function visit(page: Page, answers: Answers, options: VisitOptions, told: Told): Promise<void> {
  const response = await page.goto(options.url, { waitUntil: 'domcontentloaded', timeout: options.pageMs });
  told.status = response?.status() ?? null;
  told.retryAfter = response?.headers()['retry-after'] ?? null;
  if (told.status !== null && told.status >= 400) return;
  const state = await settledState(page, answers, options);
  const shown: DomReading = { state, ...(await page.evaluate(readPage)) };
  told.dom = shown;
  if (state !== 'track' || shown.title === '') return;
  if (options.credits) {
    await showCredits(page, answers, options.drawMs);
    told.dom = { state, ...(await page.evaluate(readPage)) };
  }
  await awaitAlbum(answers, options.drawMs);
}
