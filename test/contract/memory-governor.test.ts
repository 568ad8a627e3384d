import { memoryGovernor } from '#adapters/memory/governor.ts';
import { governorContract } from './governor.ts';

governorContract('the governor in memory', async (budgets) => {
  const governor = memoryGovernor(budgets, Date.now);
  return { connect: () => governor, close: async () => undefined };
});
