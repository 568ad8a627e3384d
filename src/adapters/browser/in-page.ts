import type { Dialog, DialogPerson, DomReading } from '#providers/web-player/page.ts';
import type { PageDocument, PageElement } from './dom.ts';

declare const document: PageDocument;
declare const location: { readonly hostname: string };

// Everything here runs inside the page, one function at a time and as text: a function uses nothing outside itself.
// `data-testid` names have lasted for years where class names change weekly (reference: web player, markup).

/** What the page has become; `null` while it is still coming. */
export function stateOfPage(): 'track' | 'missing' | 'wall' | null {
  const track = document.querySelector('[data-testid="track-page"]');
  if (track?.querySelector('[data-testid="entityTitle"]')) return 'track';
  if (document.querySelector('iframe[src*="captcha" i]') || location.hostname.startsWith('challenge.')) return 'wall';
  const headings = [...document.querySelectorAll('h1')].map((heading) => heading.textContent ?? '');
  const missing = /couldn.t find|page not found|nicht gefunden|introuvable|찾을 수 없/i;
  return headings.some((heading) => missing.test(heading)) ? 'missing' : null;
}

/** Opens the track's menu. Clicks go to the element itself, whatever lies over it. */
export function openMenu(): void {
  document.querySelector('[data-testid="track-page"] [data-testid="more-button"]')?.click();
}

/** Chooses the credits in the menu; true once that is done. */
export function chooseCredits(): boolean {
  const items = [...document.querySelectorAll('[role="menuitem"]')];
  const item = items.find(({ textContent }) => /credit|crédit|크레딧|mitwirkende/i.test(textContent ?? ''));
  item?.click();
  return item !== undefined;
}

/** True once a credits dialog names somebody. */
export function isDialogFilled(): boolean {
  return document.querySelector('[role="dialog"] :is(h2, h3, p) ~ :is(a, span, div)') !== null;
}

/**
 * Reads what is shown: one element is one person. A row with text in no known place is kept, without a name.
 * Bounded, so that no page can fill the ledger.
 */
export function readPage(): Omit<DomReading, 'state'> {
  const most = 1000;
  const text = (element: PageElement | null | undefined): string => (element?.textContent ?? '').trim().slice(0, 500);
  const shown = (selector: string): string | null => {
    const element = document.querySelector(selector);
    return element === null ? null : text(element);
  };
  const person = (row: PageElement): DialogPerson => {
    const name = row.matches('a, span') ? row : row.querySelector('a, span');
    const roles = row === name ? null : [...row.querySelectorAll('span')].findLast((span) => !name?.contains(span));
    return {
      name: text(name),
      href: name?.getAttribute('href') ?? null,
      roles: text(roles)
        .split(', ')
        .filter((role) => role !== ''),
    };
  };
  const group = (heading: PageElement): Dialog['groups'][number] => ({
    heading: text(heading),
    people: [...(heading.parentElement?.children ?? [])]
      .filter((row) => row !== heading && text(row) !== '')
      .slice(0, most)
      .map(person),
  });
  const readDialog = (dialog: PageElement | undefined): Dialog | null => {
    if (dialog === undefined) return null;
    const leads = [...dialog.querySelectorAll('h2, h3, p')].filter((lead) => lead.parentElement !== dialog);
    const headings = leads.filter((lead) => lead.parentElement?.firstElementChild === lead);
    // One group within another's: what is a heading here and what a name is not known.
    const isNested = headings.some((one) =>
      headings.some((other) => other !== one && other.parentElement?.contains(one)),
    );
    const lines = [...dialog.querySelectorAll('p')].filter((line) => !headings.includes(line));
    const source = lines.at(-1);
    const groups = isNested ? [] : headings.slice(0, 100).map(group);
    return { groups, source: source === undefined ? null : text(source) };
  };
  const dialogs = [...document.querySelectorAll('[role="dialog"]')];
  return {
    title: shown('[data-testid="track-page"] [data-testid="entityTitle"]'),
    artists: [...document.querySelectorAll('[data-testid="track-page"] [data-testid="creator-link"]')].map(text),
    playCount: shown('[data-testid="track-page"] [data-testid="playcount"]'),
    dialog: readDialog(dialogs.at(-1)),
  };
}
