import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

const LOOK_MS = 50;
const LONGEST_MS = 30_000;

/**
 * Makes topics and waits until the broker knows them and who leads them. kafkajs's own wait fails, instead of going on, while a broker
 * that is busy does not know yet a topic that it has just made.
 * @throws when the broker refuses the topics, or one has no leader after 30 s
 */
export async function newTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const deadline = performance.now() + LONGEST_MS;
  while (!(await areLed(admin, names))) {
    if (performance.now() > deadline) throw new Error(`${names.join(', ')}: no leader within ${LONGEST_MS / 1000} s.`);
    await sleep(LOOK_MS);
  }
}

/** Not to know them is how the broker says "not yet". */
const areLed = (admin: Admin, topics: string[]): Promise<boolean> =>
  admin.fetchTopicMetadata({ topics }).then(
    ({ topics: known }) =>
      known.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)),
    () => false,
  );
