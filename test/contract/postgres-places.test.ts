import { postgresPlaces } from '#adapters/postgres/places.ts';
import { preparedPools } from '#test/support/pools.ts';
import { placesContract } from './places.ts';

placesContract('Postgres', async () => {
  const pools = await preparedPools();
  return {
    connect: (account, tabs) => postgresPlaces(pools.open(), { account, tabs }),
    close: pools.close,
  };
});
