import type { z } from 'zod';
import type { Failure } from './failure.ts';
import type { Lane, Message } from './message.ts';
import type { Outcome } from './outcome.ts';

/** All of the world that a handler sees beside its batch and its injected clients. */
export type HandlerContext = {
  /** Aborts when the partition is lost or the process drains: stop waiting, return or throw. */
  readonly signal: AbortSignal;
  /** The one clock, read once for this batch: milliseconds since the epoch. */
  readonly now: number;
  readonly lane: Lane;
  /** 1 for the first time this batch, or this rest of it, is handled. */
  readonly attempt: number;
  /**
   * Why the provider is not to be called now; `null`: it may be. What is known already, or stored, goes on all the same; a message
   * that needs a call is answered with this very failure.
   */
  readonly closed: Failure | null;
};

/**
 * One outcome a message, in order; the engine checks the number. A throw is a bug: the batch is halved until the record that
 * throws stands alone.
 */
export type Handler<In, Out> = (
  batch: readonly Message<In>[],
  context: HandlerContext,
) => Promise<readonly Outcome<Out>[]>;

/**
 * What makes a message dear: work of seconds, of which only a little may lie in one commit, so that results are seen soon and a
 * kill costs little. Messages that are not dear fill batches as ever.
 */
export type Dear<In> = { readonly most: number; readonly is: (message: Message<In>, now: number) => boolean };

/**
 * When a stage stops doing what does nobody any good.
 * `bypass`: once `most` of the last `of` records were degraded by one cause, events go on at once, as failed, and one is tried
 * every `probeMs`. `halt`: once `most` of the last `of` records got a letter without going on, or met a bug, nothing more is taken.
 */
export type Limits = {
  readonly bypass: { readonly most: number; readonly of: number; readonly probeMs: number };
  readonly halt: { readonly most: number; readonly of: number };
};

/** A phase's declaration. */
export type Stage<In, Out> = {
  readonly name: string;
  /** The consumer group; its replay lane is `<group>.replay`, its dead letters `<group>.dlq`. */
  readonly group: string;
  readonly from: string;
  readonly to: string;
  /** Where outputs of the replay lane go: the next group's replay lane, or `to` when no group follows. */
  readonly toReplay: string;
  readonly input: z.ZodType<In>;
  /** At most `max` messages a batch, waited for at most `lingerMs` after the first. */
  readonly batch: { readonly max: number; readonly lingerMs: number };
  /** A batch ends before it would hold more than `most` dear messages; absent: none are. */
  readonly dear?: Dear<In>;
  /** In place, for the failed part of a batch only: exponential with full jitter between `baseMs` and `maxMs`. */
  readonly retry: { readonly attempts: number; readonly baseMs: number; readonly maxMs: number };
  /** Milliseconds for which the stage waits out a provider that is down before it degrades. */
  readonly patienceMs: number;
  readonly limits: Limits;
  readonly handle: Handler<In, Out>;
  /** The event as it goes on when this phase could not do its work: the report says `failed`, facts stay as they were. */
  readonly giveUp: (message: Message<In>, failure: Failure, context: HandlerContext) => Out;
  /**
   * What a message comes to that has no more to ask of anybody, or `null`. Such messages do not wait for a provider that is down.
   */
  readonly aside?: (message: Message<In>, context: HandlerContext) => Outcome<Out> | null;
  /** The key of the output, from its value: the track id. */
  readonly keyOf: (event: Out) => string;
};
