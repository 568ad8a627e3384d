import { postgresLedger } from '#adapters/postgres/ledger.ts';
import { preparedPools } from '#test/support/pools.ts';
import { ledgerContract } from './ledger.ts';

ledgerContract('Postgres', async () => {
  const pools = await preparedPools();
  const pool = pools.open();
  const opened: { close(): void }[] = [];
  return {
    connect: () => {
      const ledger = postgresLedger(pool);
      opened.push(ledger);
      return ledger;
    },
    close: async () => {
      for (const ledger of opened) ledger.close();
      await pools.close();
    },
  };
});
