import { z } from 'zod';
import type { Draw } from '../catalogue/draw.ts';
import type { World } from '../catalogue/world.ts';
import { hardNames, oneInTwoRoles, sixty, written } from './cases.ts';
import { blank, type Page } from './page.ts';

/**
 * How much of the catalogue is served by mixes of the cases: `mixed` pages differ in what they show and how they are drawn,
 * `troubled` ones also do not work, and `unknown` ones have a dialog and a JSON that nobody has seen yet. Shares of all track ids; a
 * greater share holds the pages of a smaller one.
 */
export const mixSchema = z.object({
  mixed: z.number().min(0).max(1).default(0),
  troubled: z.number().min(0).max(1).default(0),
  unknown: z.number().min(0).max(1).default(0),
});
export type Mix = z.output<typeof mixSchema>;

/** The mix that is on; it can be changed while pages are served. */
export type Mixes = { now(): Mix; set(mix: Mix): void };

export function mixesOf(initially: Partial<Mix> = {}): Mixes {
  let mix = mixSchema.parse(initially);
  return {
    now: () => mix,
    set: (next) => {
      mix = next;
    },
  };
}

type Change = (page: Page) => Page;

const asItIs: Change = (page) => page;
const credits =
  (contributors: Page['contributors']): Change =>
  (page) => ({ ...page, contributors });
const played =
  (playCount: number | null): Change =>
  (page) => ({ ...page, playCount });

/** Each is drawn by itself, so every combination of them comes up. */
const CREDITS: readonly Change[] = [
  asItIs,
  (page) => ({ ...page, contributors: [], sources: [] }),
  credits(sixty),
  credits(written(hardNames)),
  credits(oneInTwoRoles),
];
const PLAYS = [asItIs, ...[null, 0, 7, 999, 5_012_345_678].map(played)];
const LAYOUTS = ['grouped', 'flat'] as const;
const LOCALES = ['en', 'de', 'fr', 'ko'] as const;
const APIS = ['works', 'works', 'works', 'persisted-query-not-found', 'renamed'] as const;
const STATES: readonly Change[] = [
  ...Array.from({ length: 18 }, () => asItIs),
  blank,
  (page) => ({ ...page, state: 'not-found' }),
];

/** What does not work; `leakMb` alone is a page that can be read to its end. */
const TROUBLES: readonly Change[] = [
  (page) => ({ ...page, hydrateLateMs: 120_000 }),
  (page) => ({ ...page, document: 'too-many-requests' }),
  (page) => ({ ...page, document: 'cut' }),
  (page) => ({ ...page, document: 'endless' }),
  (page) => ({ ...page, hangs: true }),
  (page) => ({ ...page, leakMb: 400 }),
];

function mixedWith(subject: Draw, page: Page): Page {
  const shown: Page = {
    ...page,
    layout: subject.pick(LAYOUTS, 'layout'),
    locale: subject.pick(LOCALES, 'locale'),
    api: subject.pick(APIS, 'api'),
    consent: subject.chance(0.4, 'consent'),
  };
  return subject.pick(STATES, 'state')(subject.pick(PLAYS, 'plays')(subject.pick(CREDITS, 'credits')(shown)));
}

/** The page that a mix serves instead of the catalogue's; most often that one itself. */
export function mixedPage(world: World, { mixed, troubled, unknown }: Mix, page: Page): Page {
  const subject = world.draw('page mix', page.id);
  const known = subject.chance(mixed, 'mixed') && page.state === 'shown' ? mixedWith(subject, page) : page;
  const shown: Page = subject.chance(unknown, 'unknown') ? { ...known, layout: 'unknown', api: 'renamed' } : known;
  return subject.chance(troubled, 'troubled') ? subject.pick(TROUBLES, 'trouble')(shown) : shown;
}
