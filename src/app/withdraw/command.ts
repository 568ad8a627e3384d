import type { Connections } from '#app/connect.ts';
import type { Told } from '#app/told.ts';
import type { WithdrawalPlan } from '#feed/withdrawal-ports.ts';
import { withdrawalsOn } from './withdrawals.ts';
import { planLines, withdrawnLines } from './words.ts';

/** What the command is told to do. `agrees` shows what would be erased and asks; `null`: it was agreed to before. */
export type WithdrawOrder = {
  readonly trackId: string;
  readonly by: string;
  readonly reason: string;
  readonly agrees: ((plan: WithdrawalPlan, lines: readonly string[]) => Promise<boolean>) | null;
};

/**
 * Withdraws a track once the person has agreed.
 * @returns what became of it; `null` when the person did not agree
 * @throws when broker, registry or database are lost
 */
export async function orderWithdrawal(
  { trackId, by, reason, agrees }: WithdrawOrder,
  connections: Connections,
): Promise<Told | null> {
  const withdrawals = withdrawalsOn(connections);
  const plan = await withdrawals.plan(trackId);
  if (plan.withdrawn === null && agrees !== null && !(await agrees(plan, planLines(plan)))) return null;
  const withdrawn = plan.withdrawn ?? (await withdrawals.withdraw(trackId, { by, reason }));
  return { json: withdrawn, lines: () => withdrawnLines(withdrawn) };
}
