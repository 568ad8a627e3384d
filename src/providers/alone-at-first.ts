/**
 * Lets the first piece of work run alone, and the others after it, beside each other. The first call of a process to a provider is
 * written late (a connection is made, code is run for the first time); calls that were late all at once would come too close to
 * those after them.
 */
export function aloneAtFirst(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let first: Promise<unknown> | null = null;
  return (work) => {
    if (first !== null) return first.then(work);
    const begun = work();
    first = begun.catch(() => undefined);
    return begun;
  };
}
