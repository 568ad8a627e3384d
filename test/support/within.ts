import { until } from '#local/wait.ts';

/**
 * Waits for a condition.
 * @param what said in the failure when the deadline passes
 */
export async function within(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
  what: () => string,
): Promise<void> {
  if (!(await until(condition, deadlineMs, 50))) throw new Error(`Waited ${deadlineMs} ms in vain for ${what()}`);
}
