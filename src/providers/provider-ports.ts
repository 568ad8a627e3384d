import type { MadeCall } from './call-scope.ts';
import type { Contract } from './contract.ts';
import type { Freshness } from './freshness.ts';
import type { Http } from './http.ts';
import type { Governor, Ledger } from './ports.ts';
import type { Rehearsal } from './rehearsal.ts';

/** The world of a provider client. */
export type ProviderPorts = {
  readonly http: Http;
  readonly ledger: Ledger;
  readonly governor: Governor;
  /** Milliseconds since the epoch on the pipeline's one clock. */
  readonly now: () => number;
  /** Told of every call that was made. */
  readonly called?: (call: MadeCall) => void;
  /** How long answers count; the defaults when absent. */
  readonly freshness?: Freshness;
  /** Is told how answers fit their shapes. */
  readonly contract?: Contract;
  /** Is given what was seen of a page of the web player that nobody can read, as the text of a fixture; it is not waited for. */
  readonly unread?: (trackId: string, fixture: string) => unknown;
  /** Nothing is asked: what would be is counted here (a plan). */
  readonly rehearsal?: Rehearsal;
};
