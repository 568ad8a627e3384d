import { z } from 'zod';
import type { CreditsSection } from '#track/sections/credits.ts';
import { type Dialog, type DomReading, domReading, type PageAnswer, type PageVisit } from './page.ts';
import { contributorsInDialog, contributorsInJson } from './people.ts';
import { playCountIn } from './play-count.ts';
import { type WireTrack, wireCredits, wireTrack } from './wire.ts';

type FactsOf<Name extends keyof CreditsSection> = NonNullable<CreditsSection[Name]>['value'];

/** Who is credited, and who says so. No contributors: the page has the track and credits nobody. */
export type CreditsFacts = { readonly people: FactsOf<'people'>; readonly source: FactsOf<'source'> };

/** `null`: the page shows no count, as those of very new tracks. */
export type StreamsFacts = { readonly playCount: number | null };

/** What is kept of a page: its own JSON as it arrived (`null` when none did), and what its markup showed. */
export type PageEvidence = z.infer<typeof pageEvidence>;
export const pageEvidence = z.object({ track: z.unknown(), credits: z.unknown(), dom: domReading.nullable() });

const isUnanswered = ({ status, error }: PageAnswer): boolean => status === null || status >= 400 || error !== null;

/** A page whose query got no answer cannot know that nobody is credited, even when its dialog stands there with empty groups. */
function domOf({ dom }: PageVisit, own: readonly PageAnswer[]): DomReading | null {
  const isEmpty = dom?.dialog?.groups.every(({ people }) => people.length === 0) ?? false;
  return dom !== null && isEmpty && own.some(isUnanswered) ? { ...dom, dialog: null } : dom;
}

/** What the page's answers to queries about this track say, each the last of its shape, and what its markup says. */
export function evidenceOf(visit: PageVisit, trackId: string): PageEvidence {
  const uri = `spotify:track:${trackId}`;
  const own = visit.answers.filter((answer) => answer.uri === null || answer.uri === uri);
  const bodies = own.map(({ json }) => json);
  return {
    track: bodies.findLast((json) => wireTrack.safeParse(json).success) ?? null,
    credits: bodies.findLast((json) => wireCredits.safeParse(json).success) ?? null,
    dom: domOf(visit, own),
  };
}

/** The track as the page's JSON has it; `null` when it has none, `undefined` when it does not say. */
export function trackOf({ track }: PageEvidence): WireTrack | null | undefined {
  const read = wireTrack.safeParse(track);
  if (!read.success) return undefined;
  const { trackUnion } = read.data.data;
  return trackUnion === null || trackUnion.__typename === 'NotFound' ? null : trackUnion;
}

/** "Source: X, Y" in any language. The names stay one: a comma can be part of a name. */
const sourceIn = (line: string | null): string[] => {
  const names = (line ?? '').replace(/^[^:：]{1,30}[:：]\s*/, '').trim();
  return names === '' ? [] : [names];
};

function inJson(evidence: PageEvidence): CreditsFacts | null {
  const read = wireCredits.safeParse(evidence.credits);
  if (!read.success) return null;
  const { contributors, sources } = read.data.data.trackUnion.creditsTrait;
  return {
    people: { contributors: contributorsInJson(contributors.items), reading: 'json' },
    source: { names: (sources?.items ?? []).map(({ name }) => name) },
  };
}

/**
 * A dialog without any group may just not have drawn itself, and one with rows of which none has a name has changed: they say nothing.
 * One whose groups are all empty says that nobody is credited.
 */
function inDialog(dialog: Dialog | null): CreditsFacts | null {
  if (dialog === null || dialog.groups.length === 0) return null;
  const contributors = contributorsInDialog(dialog);
  const hasRows = dialog.groups.some(({ people }) => people.length > 0);
  if (contributors.length === 0 && hasRows) return null;
  return { people: { contributors, reading: 'dom' }, source: { names: sourceIn(dialog.source) } };
}

/**
 * The credits: from the page's JSON, else from its dialog, and from the dialog too when the JSON names nobody and it does.
 * @returns `null` when neither reads: that nobody is credited is only believed where a reading says so
 */
export function creditsIn(evidence: PageEvidence): CreditsFacts | null {
  const json = inJson(evidence);
  if (json !== null && json.people.contributors.length > 0) return json;
  const dom = inDialog(evidence.dom?.dialog ?? null);
  return dom !== null && (json === null || dom.people.contributors.length > 0) ? dom : json;
}

/**
 * The stream count: from the page's JSON, else from its markup.
 * @returns `null` when the track was not shown by either, or its count does not read
 */
export function streamsIn(evidence: PageEvidence): StreamsFacts | null {
  const counted = trackOf(evidence)?.playcount ?? null;
  if (counted !== null) return { playCount: counted };
  const { dom } = evidence;
  if (dom?.state === 'track' && dom.playCount !== null) {
    const shown = playCountIn(dom.playCount);
    return shown === null ? null : { playCount: shown };
  }
  return trackOf(evidence) != null || dom?.state === 'track' ? { playCount: null } : null;
}
