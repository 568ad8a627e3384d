import type { Page } from './page.ts';
import { playerScript } from './script.ts';
import { words } from './words.ts';

const QUERIES_GONE: ReadonlySet<Page['api']> = new Set(['persisted-query-not-found', 'renamed']);

/** The HTML of a page: a shell without the track's facts, and the script that fetches and shows them. */
export function shellOf(page: Page, hydrateMs: number): string {
  const settings = {
    id: page.id,
    hydrateMs: hydrateMs + page.hydrateLateMs,
    layout: page.layout,
    hangs: page.hangs,
    leakMb: page.leakMb,
    words: words[page.locale],
    creditsOperation: page.api === 'renamed' ? 'queryTrackCreditsPanel' : 'queryTrackCreditsGroupedModal',
    // With its queries gone the page still draws itself, from what the server put in: only the markup is left to read.
    inlined: page.state !== 'not-found' && QUERIES_GONE.has(page.api) ? inlined(page) : null,
  };
  return `<!doctype html>
<html lang="${page.locale}">
<head><meta charset="utf-8"><title>Sandbox web player</title>
<meta property="og:type" content="music.song"><link rel="icon" href="data:,"></head>
<body><div id="main"></div>${page.consent ? consent : ''}
<script>const settings = ${JSON.stringify(settings).replaceAll('<', '\\u003c')};
${playerScript}</script></body></html>`;
}

function inlined(page: Page): object {
  return {
    title: page.title,
    artists: page.artists,
    album: page.album,
    playCount: page.playCount,
    contributors: page.contributors,
    sources: page.sources,
  };
}

const consent = `<div id="onetrust-banner-sdk" style="position:fixed;inset:0;z-index:9;background:#fff">
<p>Sandbox consent</p><button id="onetrust-accept-btn-handler">Accept</button>
<button id="onetrust-reject-all-handler">Reject</button></div>`;
