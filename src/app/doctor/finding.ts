/** One thing the doctor looked at. */
export type Finding = {
  readonly what: string;
  readonly state: 'good' | 'bad' | 'off';
  /** What was seen. */
  readonly seen: string;
  /** What to do about it; `null` where nothing is to be done. */
  readonly mend: string | null;
};

export const good = (what: string, seen: string): Finding => ({ what, state: 'good', seen, mend: null });
export const bad = (what: string, seen: string, mend: string): Finding => ({ what, state: 'bad', seen, mend });
export const off = (what: string, seen: string, mend: string): Finding => ({ what, state: 'off', seen, mend });

const LONGEST_MS = 15_000;

/** Looks at something that may throw or hang: both are findings. */
export async function looked(what: string, mend: string, look: () => Promise<Finding>): Promise<Finding> {
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => late.resolve(bad(what, `no answer within ${LONGEST_MS / 1000} s`, mend)), LONGEST_MS);
  try {
    return await Promise.race([look(), late.promise]);
  } catch (error) {
    return bad(what, error instanceof Error ? error.message : String(error), mend);
  } finally {
    clearTimeout(timer);
  }
}
