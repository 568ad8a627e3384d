/**
 * Writes one statement at a time: what comes while one is under way goes out together in the next.
 * @param write rejects for all whose items it was given
 * @returns resolves when these items are written
 */
export function gathered<Item>(
  write: (items: readonly Item[]) => Promise<void>,
): (items: readonly Item[]) => Promise<void> {
  let next: { readonly items: Item[]; readonly written: Promise<void> } | null = null;
  let before: Promise<void> = Promise.resolve();

  const afterwards = (): { readonly items: Item[]; readonly written: Promise<void> } => {
    const items: Item[] = [];
    const written = before.then(() => {
      next = null;
      return write(items);
    });
    before = written.catch(() => undefined);
    return { items, written };
  };

  return (items) => {
    next ??= afterwards();
    for (const item of items) next.items.push(item);
    return next.written;
  };
}
