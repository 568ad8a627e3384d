import type { LetterSelection } from './letter-ports.ts';

/** What the feed is asked to do with dead letters. */
export type RedriveRequest = {
  readonly selection: LetterSelection;
  readonly rate: number;
  readonly max: number | null;
  readonly by: string;
  readonly reason: string | null;
};

export type ResolveRequest = { readonly selection: LetterSelection; readonly by: string; readonly reason: string };

/** What came of an order: `refused` says what to do first. */
export type OrderAnswer =
  | { readonly kind: 'done'; readonly body: object }
  /** It goes on here; `linernotes.operations` tells how far it is. */
  | { readonly kind: 'going_on' }
  | { readonly kind: 'refused'; readonly message: string };

/** Does things to dead letters. Each order may be given again: it goes on where it was interrupted. */
export type LetterOrders = {
  plan(request: RedriveRequest): Promise<OrderAnswer>;
  redrive(request: RedriveRequest): Promise<OrderAnswer>;
  resolve(request: ResolveRequest): Promise<OrderAnswer>;
};
