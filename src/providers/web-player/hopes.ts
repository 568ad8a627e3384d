import type { StreamsFacts } from './facts.ts';

/** A question for one count that waits for a tab, while pages of the same album may tell it. */
export type Hope = {
  /** The count, if a page has told it since the question was asked. */
  told(): StreamsFacts | null;
  /** The question is answered, by whomever. */
  end(): void;
};

/** The questions that are open in this process. */
export function hopes(): {
  of(trackId: string): Hope;
  /** Counts by track id that a page has told now. */
  tell(counts: ReadonlyMap<string, StreamsFacts>): void;
} {
  const open = new Set<{ readonly trackId: string; told: StreamsFacts | null }>();
  return {
    of: (trackId) => {
      const hope = { trackId, told: null as StreamsFacts | null };
      open.add(hope);
      return { told: () => hope.told, end: () => void open.delete(hope) };
    },
    tell: (counts) => {
      for (const hope of open) hope.told = counts.get(hope.trackId) ?? hope.told;
    },
  };
}
