import type { Headers, Position } from './record.ts';

/** Live is today's playlists; replay is redrives, replays and what follows from them. What enters by a lane leaves by it. */
export type Lane = 'live' | 'replay';

/** What travels beside the event, read from the CloudEvents and trace headers. */
export type Envelope = {
  readonly id: string;
  readonly runId: string | null;
  readonly traceparent: string | null;
  /** Phases that must run even where facts are fresh, and since when: ledger answers fetched before do not count. */
  readonly force: { readonly phases: readonly string[]; readonly since: number } | null;
};

/** An event with its envelope and where it stood. */
export type Message<Event> = {
  readonly event: Event;
  readonly envelope: Envelope;
  readonly lane: Lane;
  readonly position: Position;
  /** Headers as they stood; dead letters carry them on. */
  readonly headers: Headers;
};
