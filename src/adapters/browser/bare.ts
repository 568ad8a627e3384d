import type { CDPSession, Page } from 'puppeteer';
import type { PageDocument, PageObserver } from './dom.ts';

declare const document: PageDocument;
declare const MutationObserver: PageObserver;

/** Nothing of these is read. Other requests are not stopped and looked at, which costs each of them a round trip. */
const HEAVY = ['Image', 'Font', 'Media', 'Ping', 'CSPViolationReport'] as const;
/** Measurements of visitors (reference: web player, what is safe to block). */
const ANALYTICS = ['*gabo-receiver-service*', '*pixel.spotify.com*', '*.google-analytics.com*', '*.sentry.io*'];

/** Runs in the page: an answer to the banner is not needed when it is gone. */
function removeConsent(): void {
  const remove = (): void => {
    for (const banner of document.querySelectorAll('#onetrust-banner-sdk, #onetrust-consent-sdk')) banner.remove();
  };
  new MutationObserver(remove).observe(document, { childList: true, subtree: true });
}

/**
 * Makes a new tab quick and quiet: no pictures, fonts, media or analytics, no consent banner, English words.
 * @returns the session that sees to it
 */
export async function bare(page: Page): Promise<CDPSession> {
  const session = await page.createCDPSession();
  session.on('Fetch.requestPaused', ({ requestId }) => {
    session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }).catch(() => undefined);
  });
  await Promise.all([
    session.send('Fetch.enable', {
      patterns: [
        ...HEAVY.map((resourceType) => ({ urlPattern: '*', resourceType })),
        ...ANALYTICS.map((urlPattern) => ({ urlPattern })),
      ],
    }),
    page.setBypassServiceWorker(true),
    page.setExtraHTTPHeaders({ 'accept-language': 'en-US,en;q=0.9' }),
    page.evaluateOnNewDocument(removeConsent),
  ]);
  return session;
}
