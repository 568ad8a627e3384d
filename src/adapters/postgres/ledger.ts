import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Ledger } from '#providers/ports.ts';
import { gathered } from './gathered.ts';
import { ledgerClaims } from './ledger-claims.ts';
import { findEntries, storeEntries } from './ledger-entries.ts';

/** Longer than any hiccup, shorter than the time after which a dead worker's partitions are another's. */
export const LEASE_MS = 5_000;

/**
 * The ledger of all processes. Every method rejects with `infrastructureLost` when the database cannot be reached.
 * @param leaseMs how long a key that a dead process asked for stays claimed
 */
export function postgresLedger(pool: Pool, leaseMs = LEASE_MS): Ledger & { close(): void } {
  const claims = ledgerClaims(pool, randomUUID(), leaseMs);
  return {
    find: (provider, kind, keys, notBefore) => findEntries(pool, provider, kind, keys, notBefore),
    store: gathered((entries) => storeEntries(pool, entries)),
    claim: async (wanted) => {
      const { provider, kind, keys, notBefore } = wanted;
      const ours = await claims.take(wanted);
      try {
        // After the claim: whoever held a key before us has stored its answer before letting go.
        return { ours, entries: await findEntries(pool, provider, kind, keys, notBefore) };
      } catch (error) {
        // Nobody will ask for these: others must not wait for it.
        await claims.release(provider, kind, [...ours]).catch(() => undefined);
        throw error;
      }
    },
    release: claims.release,
    close: claims.close,
  };
}
