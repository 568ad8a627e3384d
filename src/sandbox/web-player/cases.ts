import type { Contributor } from '../catalogue/credits.ts';
import { blank, type Page } from './page.ts';

/** The id of a case: `caseId(6)`, or `caseId(18, 2)` for its second variant. The recording behind it has no awkward trait. */
export function caseId(number: number, variant = 0): string {
  return `LinernotesCase${String(number * 100 + variant).padStart(8, '0')}`;
}

const person = (name: string, role: string, group: string, artistId: string | null = null): Contributor => ({
  name,
  role,
  group,
  artistId,
});
const composer = (name: string): Contributor => person(name, 'Composer', 'Composition & Lyrics');
const producer = (name: string): Contributor => person(name, 'Producer', 'Production & Engineering');

/** Names that break programs which split, glue or re-case text; all made up in the form of known traps. */
export const hardNames = [
  'VX/DX',
  'Ember, Ash & Tide',
  'Corin, The Weaver',
  'McThornfield',
  'Na$ri',
  'Sólrún Æsirs',
  'Halden BoysMcKellar',
  'Wendell St.Brack',
  'Rhys Quillon III',
  '별하늘 가온',
  'ליאם בן־סער',
  'زياد السحابي',
  'Orlando',
] as const;

/** Everyone as a composer. */
export const written = (names: readonly string[]): readonly Contributor[] => names.map(composer);

export const sixty = written(Array.from({ length: 60 }, (_, index) => `Contributor Number ${index + 1}`));

export const oneInTwoRoles: readonly Contributor[] = [
  composer('Ysolde Marrow'),
  producer('Ysolde Marrow'),
  composer('Tam Orrin'),
];

/** Every case as a change of the catalogue's page, by id. What each shows is said by its name. */
export const cases: Readonly<Record<string, { name: string; change: (page: Page) => Page }>> = {
  [caseId(1)]: { name: 'normal', change: (page) => ({ ...page, playCount: 1_234_567 }) },
  [caseId(2)]: { name: 'grouped dialog', change: (page) => ({ ...page, layout: 'grouped' }) },
  [caseId(3)]: { name: 'flat dialog', change: (page) => ({ ...page, layout: 'flat' }) },
  [caseId(4)]: { name: 'no credits', change: (page) => ({ ...page, contributors: [], sources: [] }) },
  [caseId(5)]: { name: 'no play count', change: (page) => ({ ...page, playCount: null }) },
  [caseId(6)]: { name: 'consent banner', change: (page) => ({ ...page, consent: true }) },
  [caseId(7)]: { name: 'region-restricted', change: blank },
  [caseId(8)]: { name: 'not found', change: (page) => ({ ...page, state: 'not-found' }) },
  [caseId(9)]: { name: 'hydrates too late', change: (page) => ({ ...page, hydrateLateMs: 120_000 }) },
  [caseId(10)]: { name: 'query not found', change: (page) => ({ ...page, api: 'persisted-query-not-found' }) },
  [caseId(11)]: { name: 'renamed operation', change: (page) => ({ ...page, api: 'renamed' }) },
  [caseId(12)]: { name: 'German numbers', change: (page) => ({ ...page, locale: 'de', playCount: 1_234_567 }) },
  [caseId(12, 1)]: { name: 'French numbers', change: (page) => ({ ...page, locale: 'fr', playCount: 1_234_567 }) },
  [caseId(12, 2)]: { name: 'Korean words', change: (page) => ({ ...page, locale: 'ko', playCount: 1_234_567 }) },
  [caseId(13)]: { name: 'too many requests', change: (page) => ({ ...page, document: 'too-many-requests' }) },
  [caseId(14)]: { name: 'connection cut', change: (page) => ({ ...page, document: 'cut' }) },
  [caseId(15)]: { name: 'hard names', change: (page) => ({ ...page, contributors: written(hardNames) }) },
  [caseId(15, 1)]: {
    name: 'hard names, flat dialog',
    change: (page) => ({ ...page, layout: 'flat', contributors: written(hardNames) }),
  },
  [caseId(16)]: {
    name: 'writer and producer are one person',
    change: (page) => ({ ...page, contributors: oneInTwoRoles }),
  },
  [caseId(17)]: { name: '60 contributors', change: (page) => ({ ...page, contributors: sixty }) },
  [caseId(18)]: { name: 'played 0 times', change: (page) => ({ ...page, playCount: 0 }) },
  [caseId(18, 1)]: { name: 'played 7 times', change: (page) => ({ ...page, playCount: 7 }) },
  [caseId(18, 2)]: { name: 'played 999 times', change: (page) => ({ ...page, playCount: 999 }) },
  [caseId(19)]: { name: 'leaks memory', change: (page) => ({ ...page, leakMb: 400 }) },
  [caseId(20)]: { name: 'its document never ends', change: (page) => ({ ...page, document: 'endless' }) },
  [caseId(20, 1)]: { name: 'its script never ends', change: (page) => ({ ...page, hangs: true }) },
  [caseId(18, 3)]: { name: 'played past 32 bits', change: (page) => ({ ...page, playCount: 5_012_345_678 }) },
};
