import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresContract, recentDrift } from '#adapters/postgres/contract.ts';
import { driftFinding } from '#app/doctor/drift.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';

let pools: PreparedPools;
beforeAll(async () => {
  pools = await preparedPools();
});
afterAll(() => pools.close());

const mismatch = (sample: string) => ({
  provider: 'chartmetric',
  kind: 'track',
  field: 'score',
  problem: 'is not there any more',
  sample,
});

test('drift of several processes adds up, with the latest sample, and the doctor tells its rate', async () => {
  const pool = pools.open();
  expect(await driftFinding(pools.url)).toMatchObject({ state: 'good' });
  const [one, other] = [postgresContract(pool), postgresContract(pools.open())];
  one.checked('chartmetric', 'track', 150);
  one.mismatched(mismatch('{"a":1}'));
  await one.flush();
  await one.flush();
  other.checked('chartmetric', 'track', 50);
  other.mismatched(mismatch('{"b":\0 2}'));
  await other.flush();
  expect(await recentDrift(pool)).toMatchObject([
    { provider: 'chartmetric', kind: 'track', field: 'score', mismatches: 2, answers: 200, sample: '{"b": 2}' },
  ]);
  expect(await driftFinding(pools.url)).toMatchObject({
    state: 'bad',
    seen: 'chartmetric track: score: is not there any more: 2 of 200 answers (1.0 %)',
  });
});

test('what could not be written is written the next time', async () => {
  const pool = pools.open();
  let refuses = true;
  const flaky = new Proxy(pool, {
    get: (target, name) =>
      name === 'query' && refuses ? () => Promise.reject(new Error('away')) : Reflect.get(target, name).bind(target),
  });
  const contract = postgresContract(flaky);
  contract.checked('mlc', 'work', 5);
  contract.mismatched({ ...mismatch(''), provider: 'mlc', kind: 'work' });
  await expect(contract.flush()).rejects.toThrow('away');
  refuses = false;
  await contract.flush();
  const drift = await recentDrift(pool);
  expect(drift.find(({ provider }) => provider === 'mlc')).toMatchObject({ mismatches: 1, answers: 5 });
});
