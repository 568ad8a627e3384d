import type { CallScope } from './call-scope.ts';
import type { Governor, Slot } from './ports.ts';

/**
 * Leave to send one request at once. A grant that lapsed on the way (the process was stopped, the event loop was busy) belongs to
 * a moment that is over: then another is asked for. Nothing may be awaited between this and the request.
 */
export async function admission(
  governor: Governor,
  account: string,
  { lane, signal, endpoint }: Pick<CallScope, 'lane' | 'signal'> & { readonly endpoint?: string },
  now: () => number,
): Promise<Slot> {
  for (;;) {
    const slot = await governor.slot(account, lane, signal, endpoint);
    if (slot.kind === 'paused' || now() <= slot.lapsesAt) return slot;
    slot.used?.('unused');
  }
}
