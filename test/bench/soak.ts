import { parseArgs } from 'node:util';
import { findChromium } from '#local/chromium.ts';
import { type Soaked, soak } from '#test/support/credits-soak.ts';
import { measured, printReport, promised, type Row } from './support/report.ts';

/**
 * The credits stage reads a thousand pages of the web player's stand-in, and for every fifty of them a tab or the browser is killed:
 * `--pages N`, `--seed TEXT` (which is killed when). Linux only. Exit 1 when a promise is broken.
 */

const TABS = 4;
const CRASH_EVERY = 50;
const MB = 1_000_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    pages: { type: 'string', default: '1000' },
    seed: { type: 'string', default: 'soak' },
  },
});
const pages = Number(values.pages);

/** What the worker held between two counts of pages, on average. It collects its garbage all the time. */
function rssBetween({ samples }: Soaked, from: number, to: number): number {
  const among = samples.filter(({ done: { reported = 0 } }) => reported >= from && reported <= to);
  return among.reduce((sum, { rss }) => sum + rss, 0) / among.length;
}

function rowsOf(soaked: Soaked): readonly Row[] {
  const { crashes, reported, failed, repeated, letters, left, tabsLeft, mostTabs, seconds } = soaked;
  const early = rssBetween(soaked, pages * 0.18, pages * 0.22);
  const late = rssBetween(soaked, pages * 0.96, pages);
  const growth = (100 * late) / early - 100;
  const due = Math.floor(pages / CRASH_EVERY);
  const killed = crashes.tab + crashes.browser;
  return [
    measured('pages', pages, 'pages'),
    measured('from first to last', seconds, 's'),
    promised('tabs and browsers killed', killed, '', `${due}`, killed === due),
    measured('  of them browsers', crashes.browser, ''),
    promised('tracks that end with a report', reported, 'tracks', 'all', reported === pages),
    promised('  that failed', failed, 'tracks', '0', failed === 0),
    measured('  tried more than once', repeated, 'tracks'),
    promised('dead letters', letters, 'letters', '0', letters === 0),
    promised('processes left', left, '', '0', left === 0),
    promised('tabs left', tabsLeft, '', '0', tabsLeft === 0),
    // A tab that is killed before its script ran counts two seconds more at the stand-in.
    measured('most tabs at once, killed ones included', mostTabs, 'tabs'),
    measured('worker after a fifth of the pages', early / MB, 'MB'),
    measured('worker at the end', late / MB, 'MB'),
    promised('  growth', growth, '%', '± 15', Math.abs(growth) <= 15),
  ];
}

const chromium = await findChromium(process.env, '.linernotes/downloads');
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const soaked = await soak({ pages, crashEvery: CRASH_EVERY, tabs: TABS, seed: values.seed, chromium, progress });
process.exit(printReport('soak', rowsOf(soaked), values.json === true));
