/** What the tests use of Apache's Avro library for JavaScript, which ships no types. */
declare module 'avro-js' {
  export type Type = {
    /** Fails on bytes that do not fit the schema, or when some are left over. */
    fromBuffer(bytes: Buffer): unknown;
    toBuffer(value: unknown): Buffer;
  };
  export function parse(schema: object): Type;
}
