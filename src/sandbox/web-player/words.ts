import type { Page } from './page.ts';

/** The page's words and its separator of thousands in each language it is served in. */
export const words: Readonly<
  Record<
    Page['locale'],
    { more: string; menu: string; credits: string; source: string; missing: string; thousands: string }
  >
> = {
  en: {
    more: 'More options for',
    menu: 'View credits',
    credits: 'Credits',
    source: 'Source',
    missing: "Couldn't find that song",
    thousands: ',',
  },
  de: {
    more: 'Weitere Optionen für',
    menu: 'Credits anzeigen',
    credits: 'Credits',
    source: 'Quelle',
    missing: 'Song nicht gefunden',
    thousands: '.',
  },
  fr: {
    more: "Plus d'options pour",
    menu: 'Afficher les crédits',
    credits: 'Crédits',
    source: 'Source',
    missing: 'Titre introuvable',
    thousands: '\u202f',
  },
  ko: {
    more: '추가 옵션:',
    menu: '크레딧 보기',
    credits: '크레딧',
    source: '출처',
    missing: '곡을 찾을 수 없습니다',
    thousands: ',',
  },
};
