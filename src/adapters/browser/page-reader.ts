import type { Page } from 'puppeteer';
import type { PageReader, PageRequest, PageVisit } from '#providers/web-player/page.ts';
import { machineMs, type Place, type Places } from '#providers/web-player/places.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { listen } from './answers.ts';
import { type BrowserOptions, browsers } from './browsers.ts';
import { CLOSE_MS } from './launch.ts';
import { troubleOfPage } from './trouble.ts';
import { type Told, type VisitOptions, visit } from './visit.ts';
import { within } from './within.ts';

export type PageReaderOptions = BrowserOptions &
  Pick<VisitOptions, 'drawMs'> & {
    /** Where each page takes its place before it is opened. */
    readonly places: Places;
  };

export const PAGE_READER_DEFAULTS = {
  pagesPerBrowser: 150,
  bytesPerBrowser: 1_500_000_000,
  idleMs: 3_000,
  pageMs: 30_000,
  drawMs: 8_000,
  nice: 5,
};

const notSeen = (trouble: Failure): PageVisit => ({ status: null, retryAfter: null, answers: [], dom: null, trouble });

/**
 * Reads pages of the web player in a browser of our own, each in a place of its own.
 * The browser starts with the first page; `close` ends it and all that is read in it, and gives the places back.
 */
export function pageReader(options: PageReaderOptions): { readonly read: PageReader; close(): Promise<void> } {
  const { places } = options;
  const { withPage, close } = browsers(options);

  const readIn = async (page: Page, place: Place, { url, credits, admit }: PageRequest): Promise<PageVisit> => {
    const refusal = await admit();
    if (refusal !== null) return notSeen(refusal);
    // From here on the guard ends a tab that outlives its place.
    if (place.until() <= machineMs())
      return notSeen(failure('BROWSER', `${url}: its place lapsed before it was asked for`));
    const told: Told = { status: null, retryAfter: null, dom: null };
    const answers = listen(page);
    const crash = Promise.withResolvers<never>();
    page.on('error', crash.reject);
    const visiting = visit(page, answers, { ...options, url, credits }, told);
    const trouble = await within(Promise.race([visiting, crash.promise]), options.pageMs).then(
      (end) => (end === 'late' ? failure('TIMEOUT', `${url}: not read within ${options.pageMs} ms`) : null),
      (error: unknown) => troubleOfPage(error, url),
    );
    page.off('error', crash.reject);
    return { ...told, answers: await answers.taken(), trouble };
  };

  const read: PageReader = async (request) => {
    const place = await places.take(request.scope);
    let admission: Promise<Failure | null> | null = null;
    const admit = (): Promise<Failure | null> => {
      admission = request.admit();
      return admission;
    };
    try {
      return await withPage(place, async (page, keep) => {
        const seen = await readIn(page, place, { ...request, admit });
        // Work on a page that was cut off may still go on.
        if (seen.trouble === null) keep();
        return seen;
      });
    } catch (error) {
      // An abort and a lost governor are no trouble of the browser: they go on as they are.
      await admission;
      return notSeen(troubleOfPage(error, request.url));
    }
  };

  return {
    read,
    close: async () => {
      await close();
      await within(places.settled(), CLOSE_MS);
    },
  };
}
