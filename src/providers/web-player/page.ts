import { z } from 'zod';
import type { CallScope } from '#providers/call-scope.ts';
import type { Failure } from '#stream/failure.ts';

/** One person or act as an element of the credits dialog; the name is empty when the element has text where no name is known to stand. */
const dialogPerson = z.object({ name: z.string(), href: z.string().nullable(), roles: z.array(z.string()) });

/** The credits dialog as drawn: its groups in order, and the line that names who delivered the credits. */
const dialog = z.object({
  groups: z.array(z.object({ heading: z.string(), people: z.array(dialogPerson) })),
  source: z.string().nullable(),
});

/** What the markup of a track page shows, element by element; nothing is split or re-cased. */
export const domReading = z.object({
  /** `wall`: a captcha instead of the page; `nothing`: the page never drew itself. */
  state: z.enum(['track', 'missing', 'wall', 'nothing']),
  title: z.string().nullable(),
  artists: z.array(z.string()),
  playCount: z.string().nullable(),
  /** `null` when it was not opened, or did not open. */
  dialog: dialog.nullable(),
});

export type DomReading = z.infer<typeof domReading>;
export type Dialog = z.infer<typeof dialog>;
export type DialogPerson = z.infer<typeof dialogPerson>;

/** One of the page's own queries and what it got. */
export type PageAnswer = {
  /** The query's name; `null` when the request does not say. */
  readonly operation: string | null;
  /** The `spotify:…` URI that it asks for; `null` when the request does not say. */
  readonly uri: string | null;
  /** `null` while unanswered. */
  readonly status: number | null;
  /** What the browser says of a connection that failed. */
  readonly error: string | null;
  readonly retryAfter: string | null;
  /** `null` when the body was no JSON or too large to keep. */
  readonly json: unknown;
};

/** Everything that was read of a page before it was left, also when it ended in trouble. */
export type PageVisit = {
  /** Status of the document; `null` when none came. */
  readonly status: number | null;
  readonly retryAfter: string | null;
  readonly answers: readonly PageAnswer[];
  readonly dom: DomReading | null;
  /** What cut the visit short: TIMEOUT, CONNECTION, PROVIDER_DOWN, BROWSER, or the refusal of `admit`. */
  readonly trouble: Failure | null;
};

export type PageRequest = {
  readonly url: string;
  /** Whether to open the credits dialog; without it the page is left as soon as it shows the track. */
  readonly credits: boolean;
  /** The signal ends the wait for a free tab; a page that was asked for is read to its end. */
  readonly scope: CallScope;
  /** Called once, when a tab is free and right before the page is asked for. A failure leaves it unasked. */
  readonly admit: () => Promise<Failure | null>;
};

/**
 * The port to the browser: reads one page of the web player. Rejects only with the reason of the scope's signal or of `admit`.
 * Adapter: `adapters/browser/page-reader.ts`.
 */
export type PageReader = (request: PageRequest) => Promise<PageVisit>;
