import type { Letter } from '#projector/letter.ts';
import type { Headers } from '#stream/record.ts';
import type { ListQuery } from './page.ts';

/**
 * `superseded`: the phase has answered for the track since the letter's last failure. `redriven`: sent to its group again, and not
 * failed since. `resolved`: closed by hand. `withdrawn`: its track was; nobody sends it any more.
 */
export type LetterState = 'open' | 'redriven' | 'resolved' | 'superseded' | 'withdrawn';

/** A letter with its state, and who redrove, resolved or withdrew it last, when (ISO text) and why. */
export type LetterItem = Letter & {
  readonly state: LetterState;
  readonly stateBy: string | null;
  readonly stateAt: string | null;
  readonly stateReason: string | null;
};

/** Which letters; what is `null` does not matter. */
export type LetterFilter = {
  readonly phase: string | null;
  readonly class: string | null;
  readonly code: string | null;
  readonly fingerprint: string | null;
  readonly run: string | null;
  readonly track: string | null;
  /** Those that last failed at this moment (ISO) or later. */
  readonly since: string | null;
  /** Those that last failed before this moment (ISO). */
  readonly until: string | null;
  /** The release that failed. */
  readonly release: string | null;
  /** One letter by its id. */
  readonly letter: string | null;
  readonly state: LetterState | null;
};

/** Which letters something is done to. */
export type LetterSelection = Omit<LetterFilter, 'state'>;

export type LetterQuery = LetterFilter & ListQuery;

/** Letters of one cause. */
export type LetterGroup = Pick<
  Letter,
  'fingerprint' | 'phase' | 'class' | 'code' | 'firstFailedAt' | 'lastFailedAt'
> & {
  readonly letters: number;
  readonly open: number;
  /** Distinct tracks among them. */
  readonly tracks: number;
  /** How many events went on without the phase. */
  readonly forwarded: number;
  /** The letter that failed last. */
  readonly sample: Pick<Letter, 'letterId' | 'trackId' | 'message'>;
};

/** The largest groups, and how many groups and letters there are in all. */
export type LetterGroups = {
  readonly items: readonly LetterGroup[];
  readonly groups: number;
  readonly letters: number;
};

/** What the bytes of a letter say. */
export type LetterValue =
  | {
      readonly kind: 'decoded';
      readonly schemaId: number;
      /** Where that schema stands in the registry; `null` when the registry does not say. */
      readonly schema: { readonly subject: string; readonly version: number } | null;
      readonly value: unknown;
    }
  | {
      readonly kind: 'undecodable';
      readonly code: string;
      readonly message: string;
      /** Length of the value; `null` when the record has none. */
      readonly bytes: number | null;
      /** The bytes, the first 8 KiB of them. */
      readonly hex: string;
    };

/** A letter as it stands on its topic. */
export type LetterContent = {
  /** As text; `null` when the record has no key. */
  readonly key: string | null;
  readonly headers: Headers;
  readonly value: LetterValue;
};

/** Reads a letter's bytes where they stand; `null` when retention has taken them, or the letter's track was withdrawn. */
export type OpenLetter = (letter: LetterItem) => Promise<LetterContent | null>;

/** Questions to the read model about dead letters. */
export type LetterReads = {
  /** The last failed first. */
  letters(query: LetterQuery): Promise<{ readonly items: readonly LetterItem[]; readonly next: string | null }>;
  letter(letterId: string): Promise<LetterItem | null>;
  /** By cause, the largest first. */
  letterGroups(filter: LetterFilter, limit: number): Promise<LetterGroups>;
};
