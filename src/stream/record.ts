/** Where a record stands. Offsets are numbers: 2⁵³ records per partition are out of reach. */
export type TopicPartition = { readonly topic: string; readonly partition: number };
export type Position = TopicPartition & { readonly offset: number };

/** Text headers. Bytes that are not UTF-8 do not occur in headers of ours; in those of strangers they are one character each. */
export type Headers = Readonly<Record<string, string>>;

/** A record as it stands on a topic: bytes and where they came from. */
export type StoredRecord = Position & {
  /** Milliseconds since the epoch, as the broker keeps it. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
};

/** Records that are written in this order; a source that gives them one after the other need not hold them all. */
export type OutgoingRecords = Iterable<OutgoingRecord> | AsyncIterable<OutgoingRecord>;

/** A record to be written. */
export type OutgoingRecord = {
  readonly topic: string;
  /** `null`: by murmur2 of the key, as Java clients do. */
  readonly partition: number | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
};
