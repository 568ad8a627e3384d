import { type Failure, failure } from './failure.ts';
import { isInfrastructureLost } from './lost.ts';
import type { Message } from './message.ts';
import type { Outcome } from './outcome.ts';
import { failed, ok, type Result } from './result.ts';
import type { Handler, HandlerContext } from './stage.ts';
import { orAbort } from './wait.ts';

/** What became of one message in one attempt: the handler's outcome, or that the handler broke on it. */
export type Answer<Out> = Outcome<Out> | { readonly kind: 'broke'; readonly failure: Failure };

/** Says what was thrown, as a `BUG`. */
export const bugOf = (error: unknown): Failure =>
  failure('BUG', error instanceof Error ? `${error.name}: ${error.message}` : String(error));

async function call<In, Out>(
  handle: Handler<In, Out>,
  batch: readonly Message<In>[],
  context: HandlerContext,
): Promise<Result<readonly Outcome<Out>[]>> {
  try {
    const outcomes = await orAbort(handle(batch, context), context.signal);
    if (outcomes.length === batch.length) return ok(outcomes);
    return failed(failure('BUG', `The handler gave ${outcomes.length} outcomes for ${batch.length} messages.`));
  } catch (error) {
    context.signal.throwIfAborted();
    if (isInfrastructureLost(error)) throw error;
    return failed(bugOf(error));
  }
}

/**
 * Lets the handler answer a batch. When it throws or miscounts, the batch is halved until the message it breaks on stands alone,
 * so that one bad message costs its neighbours nothing but a second call.
 * @param halved told of each cut
 * @returns one answer a message, in order; rejects when aborted or when infrastructure is lost
 */
export async function attempt<In, Out>(
  handle: Handler<In, Out>,
  batch: readonly Message<In>[],
  context: HandlerContext,
  halved: (why: Failure) => void,
): Promise<readonly Answer<Out>[]> {
  const answered = await call(handle, batch, context);
  if (answered.ok) return answered.value;
  if (batch.length === 1) return [{ kind: 'broke', failure: answered.failure }];
  halved(answered.failure);
  const middle = Math.ceil(batch.length / 2);
  const first = await attempt(handle, batch.slice(0, middle), context, halved);
  const second = await attempt(handle, batch.slice(middle), context, halved);
  return [...first, ...second];
}
