import { parseArgs } from 'node:util';
import { findChromium } from '#local/chromium.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { startSandbox } from '#sandbox/start.ts';
import { type Ran, runReader } from './credits/run.ts';
import { measured, printReport, promised, type Row } from './support/report.ts';

/**
 * Reads 80 pages of the web player's stand-in, whose documents take 4 seconds and whose JSON takes none, with 4 tabs; then the
 * same pages with a plain loop over as many tabs. `--pages N` for another number. Linux only. Exit 1 when a promise is broken.
 */

const TABS = 4;
const LATENCY_MS = 4_000;
const MB = 1_000_000;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, pages: { type: 'string', default: '80' } } });
const pages = Number(values.pages);

const chromium = await findChromium(process.env, '.linernotes/downloads');
const ids = createCatalogue().find.plain(pages, [
  'unknownToSpotify',
  'regionRestricted',
  'withoutCredits',
  'withoutPlayCount',
]);
const sandbox = await startSandbox({
  pace: 'zero',
  latency: { 'web-player': [0, 0], 'web-player/track-page': [LATENCY_MS, LATENCY_MS] },
});

const run = async (way: 'own' | 'naive'): Promise<Ran & { readonly tabs: number }> => {
  sandbox.resetCalls();
  const ran = await runReader({ way, chromium, webUrl: sandbox.urls.SPOTIFY_WEB_URL, ids, tabs: TABS });
  return { ...ran, tabs: sandbox.tabs().peak };
};

const shareOf = ({ seconds }: Ran): number => (100 * pages) / seconds / (TABS / (LATENCY_MS / 1_000));
const cpuOf = ({ cpu }: Ran): number => (1_000 * cpu) / pages;

function rowsOf(own: Awaited<ReturnType<typeof run>>, naive: Awaited<ReturnType<typeof run>>): readonly Row[] {
  const whole = own.understood === pages;
  return [
    promised('pages read in full', own.understood, 'pages', 'all', whole),
    measured('  by the plain loop', naive.understood, 'pages'),
    promised('rate, of tabs ÷ latency', shareOf(own), '%', '≥ 95', shareOf(own) >= 95),
    measured('  of the plain loop', shareOf(naive), '%'),
    promised('CPU a page', cpuOf(own), 'ms', "≤ 1/2 of the loop's", cpuOf(own) <= cpuOf(naive) / 2),
    measured('  of the plain loop', cpuOf(naive), 'ms'),
    promised('peak memory', own.peakRss / MB, 'MB', "below the loop's", own.peakRss < naive.peakRss),
    measured('  of the plain loop', naive.peakRss / MB, 'MB'),
    promised('most tabs at once', own.tabs, 'tabs', `≤ ${TABS}`, own.tabs <= TABS),
    measured('  of the plain loop', naive.tabs, 'tabs'),
  ];
}

let exit = 1;
try {
  const own = await run('own');
  exit = printReport('credits', rowsOf(own, await run('naive')), values.json === true);
} finally {
  await sandbox.stop();
}
process.exit(exit);
