import type { HTTPRequest, HTTPResponse, Page } from 'puppeteer';
import type { PageAnswer } from '#providers/web-player/page.ts';
import { within } from './within.ts';

/** Larger bodies are not kept: a track and its credits are a few KB. */
const MOST_BYTES = 262_144;
const MOST_ANSWERS = 50;
/** How long bodies that are on their way are waited for. */
const BODY_MS = 2_000;

/** The page's own queries so far. */
export type Answers = {
  /** Resolves when an answer like this has come. Never rejects; may never resolve. */
  until(isWanted: (answer: PageAnswer) => boolean): Promise<void>;
  /** Whether one like this was asked and is not answered yet. */
  awaits(isWanted: (answer: PageAnswer) => boolean): boolean;
  /** All of them, after bodies on their way have come. The page is not listened to any more. */
  taken(): Promise<readonly PageAnswer[]>;
};

type Query = { operationName?: unknown; variables?: { uri?: unknown; trackUri?: unknown } };

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A query in the body, or, in the way of older players, in the address. */
function queryOf(request: HTTPRequest): { operation: string | null; uri: string | null } {
  const { searchParams } = new URL(request.url());
  const inBody = parsed(request.postData() ?? '') as Query | null;
  const variables = inBody?.variables ?? (parsed(searchParams.get('variables') ?? '') as Query['variables'] | null);
  return {
    operation: textOf(inBody?.operationName) ?? searchParams.get('operationName'),
    uri: textOf(variables?.trackUri) ?? textOf(variables?.uri),
  };
}

async function bodyOf(response: HTTPResponse): Promise<unknown> {
  const text = await response.text().catch(() => '');
  return text.length > MOST_BYTES ? null : parsed(text);
}

const isQuery = (request: HTTPRequest): boolean =>
  request.method() !== 'OPTIONS' && new URL(request.url()).pathname.startsWith('/pathfinder/');

/** Listens to a page's own queries from now on. */
export function listen(page: Page): Answers {
  const answers = new Map<HTTPRequest, PageAnswer>();
  const underway = new Set<Promise<void>>();
  const waiting = new Set<() => void>();

  const asks = (request: HTTPRequest): void => {
    if (!isQuery(request) || answers.size >= MOST_ANSWERS) return;
    answers.set(request, { ...queryOf(request), status: null, error: null, retryAfter: null, json: null });
  };

  const note = (request: HTTPRequest, answer: PageAnswer): void => {
    answers.set(request, answer);
    for (const look of waiting) look();
  };

  const fails = (request: HTTPRequest): void => {
    const asked = answers.get(request);
    if (asked !== undefined) note(request, { ...asked, error: request.failure()?.errorText ?? 'failed' });
  };

  const take = async (response: HTTPResponse, asked: PageAnswer): Promise<void> => {
    const json = await bodyOf(response);
    const retryAfter = response.headers()['retry-after'] ?? null;
    note(response.request(), { ...asked, status: response.status(), retryAfter, json });
  };

  const answer = (response: HTTPResponse): void => {
    const asked = answers.get(response.request());
    if (asked === undefined) return;
    const taking = take(response, asked).finally(() => underway.delete(taking));
    underway.add(taking);
  };

  page.on('request', asks).on('requestfailed', fails).on('response', answer);

  return {
    until: (isWanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (![...answers.values()].some(isWanted)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    awaits: (isWanted) =>
      [...answers.values()].some((one) => one.status === null && one.error === null && isWanted(one)),
    taken: async () => {
      await within(Promise.all(underway), BODY_MS);
      page.off('request', asks).off('requestfailed', fails).off('response', answer);
      return [...answers.values()];
    },
  };
}
