// The bootstrap's modules are plain JavaScript, so that any Node runs them.
declare module '#local/node-options.mjs' {
  /** Flags of every Node that runs linernotes. */
  export const NODE_FLAGS: readonly string[];
  /** `env` with what Node and its C library need beside the flags; what `env` says itself stays. `root` is the checkout. */
  export function nodeEnvironment(
    root: string,
    env: NodeJS.ProcessEnv,
  ): NodeJS.ProcessEnv & { readonly MALLOC_ARENA_MAX: string; readonly NODE_COMPILE_CACHE: string };
}
