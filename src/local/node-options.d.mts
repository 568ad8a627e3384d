export declare const NODE_FLAGS: readonly string[];
export declare const nodeEnvironment: (
  root: string,
  env: Readonly<Record<string, string | undefined>>,
) => Record<string, string | undefined>;
