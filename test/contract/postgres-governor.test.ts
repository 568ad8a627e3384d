import { postgresGovernor } from '#adapters/postgres/governor.ts';
import { preparedPools } from '#test/support/pools.ts';
import { governorContract } from './governor.ts';

governorContract('Postgres', async (budgets) => {
  const pools = await preparedPools();
  return { connect: () => postgresGovernor(pools.open(), budgets, Date.now), close: pools.close };
});
