import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What users of the system before, and the notes on the providers, demand by name: each has a test, or a group of tests, that bears it. */
const DEMANDS = {
  'phase 1': [
    'T1.1 a non-editorial playlist',
    'T1.2 an editorial playlist',
    'T1.3 mixed track data',
    'T1.4 tracks missing ISRC',
    'T1.5 tracks already enriched',
  ],
  'phase 2': [
    'T2.1 tracks with credits',
    'T2.2 tracks without credits',
    'T2.3 private/unavailable tracks',
    'T2.4 region-restricted tracks',
    'T2.5 unusually long credit lists',
    'T2.6 the concurrency limit holds under load',
    'T2.7 fallback when the primary extraction fails',
  ],
  logging: ['T3.1 track-level logs', 'T3.2 phase-level logs', 'T3.3 retry and fail logs', 'T3.4 status transitions'],
  feedback: [
    'F1 retry strategy',
    'F1 backoff timing',
    'F1 429 handling',
    'F1 one client a run',
    'F2: the phase is skipped only when isrc, label, releaseDate and popularity are all present',
    'F3: if one phase fails, all the others still run',
    'F4 scrape load bounded',
    'F5: every fetch method',
    'F6 broadcast channel',
    'F7: what goes on fits its schema',
  ],
  regressions: [
    'kill mid-phase',
    'two instances',
    'duplicate track in one batch',
    '101+ tracks',
    'streams > 2^31',
    'popularity 0',
    'empty genres',
    'Chartmetric 401/429/500',
    'MLC common title',
    'non-Latin names',
    'label "Canada Sounds"',
    'WoW refresh',
    'filter "fully enriched"',
    'late WebSocket subscriber',
    'replay equals live state',
    'phase 2 crash',
    'already-complete track untouched',
  ].map((name) => `regression: ${name}`),
  'failure classes': [
    'ok / partial',
    'not_found',
    'restricted',
    'retry_soon',
    'defer_until',
    'auth',
    'capability',
    'drift',
    'poison',
  ].map((name) => `class ${name}:`),
  'error table of the Web API': [
    '400 of a single call is terminal for the id',
    '400 of a batch is bisected',
    '401 costs one new token and one more try',
    '403 of a batch alone is a capability',
    '404 is "not found"',
    '429 with the reason QUOTA_EXCEEDED',
    '%i with HTML or nothing in it',
  ],
  'capability profiles': ['extended:', 'legacy-dev:', 'new-dev:'],
  'publisher status': [
    'call failed, unauthorised, quota → no status',
    'no ISRC match and no title+writer match → unregistered',
    'match found but no writer overlaps our writers → ambiguous',
    'dispute flag, or Σ collectionShare > 100 + ε → disputed',
    'work found, no publishers → unsigned',
    "every original publisher is the writer's own company → self_published",
    'one original publisher group, Σ ≈ 100 → signed',
    '≥ 2 groups, or some writers with and some without a publisher → split',
    'Σ collectionShare < 100 - ε → flag partial',
  ].map((name) => `row: ${name}`),
} as const satisfies Readonly<Record<string, readonly string[]>>;

const TESTS = new URL('../', import.meta.url);

/** The titles of tests and groups, and the rows that become titles. */
const titles = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('repository/'))
  .flatMap((path) => [
    ...readFileSync(new URL(path, TESTS), 'utf8').matchAll(/(?:[([]\s*|^\s+)(['"`])(.*?)\1\s*[,)]/gm),
  ])
  .map(([, , title = '']) => title);

describe.each(Object.entries(DEMANDS))('demanded: %s', (_, names) => {
  it.each(names)('%s', (name) => {
    expect(titles.some((title) => title.includes(name))).toBe(true);
  });
});
