/** An answer, for programs and for people. */
export type Told = { readonly json: unknown; readonly lines: (coloured: boolean) => readonly string[] };
