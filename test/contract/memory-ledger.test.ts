import { emptyShelves, memoryLedger } from '#adapters/memory/ledger.ts';
import { ledgerContract } from './ledger.ts';

ledgerContract('the ledger in memory', async () => {
  const shelves = emptyShelves();
  return { connect: () => memoryLedger(100_000, shelves), close: async () => undefined };
});
