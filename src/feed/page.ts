/** One page of a list, and where the next begins; `null` when this was the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** A place in a list: sort value and id of the last item seen. */
export type Keyset = { readonly at: string; readonly id: string };

export type ListQuery = { readonly after: Keyset | null; readonly limit: number };
