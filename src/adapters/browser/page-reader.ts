import type { Page } from 'puppeteer';
import type { PageReader, PageRequest, PageVisit } from '#providers/web-player/page.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { listen } from './answers.ts';
import { bare } from './bare.ts';
import { type BrowserOptions, browsers } from './browsers.ts';
import { troubleOfPage } from './trouble.ts';
import { turns } from './turns.ts';
import { type Told, type VisitOptions, visit } from './visit.ts';
import { within } from './within.ts';

export type PageReaderOptions = BrowserOptions &
  Pick<VisitOptions, 'drawMs'> & {
    /** Most pages open at once. */
    readonly tabs: number;
  };

export const PAGE_READER_DEFAULTS = { pagesPerBrowser: 150, pageMs: 30_000, drawMs: 8_000 };

const notSeen = (trouble: Failure): PageVisit => ({ status: null, retryAfter: null, answers: [], dom: null, trouble });

/**
 * Reads pages of the web player in a browser of our own, at most `tabs` at once, in the order of asking, live before replay.
 * The browser starts with the first page; `close` ends it and all that is read in it.
 */
export function pageReader(options: PageReaderOptions): { readonly read: PageReader; close(): Promise<void> } {
  const places = turns(options.tabs);
  const { withPage, close } = browsers(options);

  const readIn = async (page: Page, { url, credits, admit }: PageRequest): Promise<PageVisit> => {
    await bare(page);
    const refusal = await admit();
    if (refusal !== null) return notSeen(refusal);
    const told: Told = { status: null, retryAfter: null, dom: null };
    const answers = listen(page);
    const crash = new Promise<never>((_, reject) => page.once('error', reject));
    const visiting = visit(page, answers, { ...options, url, credits }, told);
    const trouble = await within(Promise.race([visiting, crash]), options.pageMs).then(
      (end) => (end === 'late' ? failure('TIMEOUT', `${url}: not read within ${options.pageMs} ms`) : null),
      (error: unknown) => troubleOfPage(error, url),
    );
    return { ...told, answers: await answers.taken(), trouble };
  };

  const read: PageReader = async (request) => {
    const leave = await places.take(request.scope);
    let admission: Promise<Failure | null> | null = null;
    const admit = (): Promise<Failure | null> => {
      admission = request.admit();
      return admission;
    };
    try {
      return await withPage((page) => readIn(page, { ...request, admit }));
    } catch (error) {
      // An abort and a lost governor are no trouble of the browser: they go on as they are.
      await admission;
      return notSeen(troubleOfPage(error, request.url));
    } finally {
      leave();
    }
  };

  return { read, close };
}
