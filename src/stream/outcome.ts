import type { Failure } from './failure.ts';

/** What a handler says of one message. There is no `drop`: every record read ends forwarded, degraded or dead-lettered. */
export type Outcome<Out> =
  | {
      readonly kind: 'forward';
      readonly event: Out;
      /** `false`: nobody was asked, so it says nothing of the provider. */
      readonly asked?: false;
    }
  | { readonly kind: 'degrade'; readonly event: Out; readonly failure: Failure }
  | { readonly kind: 'dead-letter'; readonly failure: Failure }
  | { readonly kind: 'retry'; readonly failure: Failure };

export const forward = <Out>(event: Out): Outcome<Out> => ({ kind: 'forward', event });
/** The same for an event for which no provider was asked. */
export const forwardUnasked = <Out>(event: Out): Outcome<Out> => ({ kind: 'forward', event, asked: false });
/** Forward the event and dead-letter it: the failed phase never stops the later ones. */
export const degrade = <Out>(event: Out, failure: Failure): Outcome<Out> => ({ kind: 'degrade', event, failure });
export const deadLetter = (failure: Failure): Outcome<never> => ({ kind: 'dead-letter', failure });
/** Try this message again, it alone; the engine decides when and how often, and gives up for the handler. */
export const retry = (failure: Failure): Outcome<never> => ({ kind: 'retry', failure });
