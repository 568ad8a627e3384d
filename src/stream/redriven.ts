import { letterHeaders } from './dialects.ts';
import type { OutgoingRecord, StoredRecord } from './record.ts';

/** What a map made of a letter's value, and whose event it is. */
export type Mended = { readonly value: Buffer; readonly subject: string };

/**
 * A dead letter as the record that is sent to its group again: on the replay lane, on the letter's partition (so a letter that
 * fails again comes back to where it stands), with its past, and one redrive more. As a probe it goes without being counted: it
 * fails because its provider is down, and that is no fault of the letter.
 * @param record the letter as it stands on the group's dead-letter topic, in any dialect
 * @param mended a new value; `null`: the original bytes
 * @returns `null` when its headers are in no known dialect
 */
export function redrivenOf(
  record: StoredRecord,
  {
    group,
    phase,
    topic,
    redrive,
    probe,
  }: {
    readonly group: string;
    readonly phase: string;
    readonly topic: string;
    readonly redrive: string;
    readonly probe: boolean;
  },
  mended: Mended | null,
): OutgoingRecord | null {
  const headers = letterHeaders(record, group, phase);
  if (headers === null) return null;
  return {
    topic,
    partition: record.partition,
    key: mended === null ? record.key : Buffer.from(mended.subject),
    value: mended === null ? record.value : mended.value,
    headers: {
      ...headers,
      ...(mended === null ? {} : { ce_subject: mended.subject }),
      // A stranger's letter on our topic is ours from here on: only so is its past known when it fails again.
      'dl-group': group,
      'dl-redrives': String(redrivesOf(headers) + (probe ? 0 : 1)),
      'dl-redrive-id': redrive,
    },
  };
}

/** How often a letter with these headers was redriven, probes not counted. */
export const redrivesOf = (headers: Readonly<Record<string, string>>): number => {
  const redrives = Number.parseInt(headers['dl-redrives'] ?? '', 10);
  return Number.isNaN(redrives) ? 0 : redrives;
};
