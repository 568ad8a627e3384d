import { type PartitionQueue, partitionQueue } from '#adapters/group/queue.ts';
import { partitionKey, partitionLost, servings } from '#adapters/group/servings.ts';
import { within } from '#adapters/group/within.ts';
import type { Membership, Subscription } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';
import type { MemoryLog } from './log.ts';

/** Records handed to a queue at once, as one fetch of a real consumer would. */
const FETCH = 50;

type Member = {
  readonly subscription: Subscription;
  readonly assign: (partitions: readonly TopicPartition[]) => void;
  readonly pump: () => void;
};

export type MemoryMembership = Membership & {
  /** The process is gone without a word: nothing is handed over any more, and the group notices only after the session timeout. */
  readonly kill: () => void;
};

export type MemoryGroups = {
  readonly join: (subscription: Subscription) => MemoryMembership;
  /** Something became readable. */
  readonly pump: () => void;
};

/** Each topic's partitions in turn to the members that subscribe to it. */
const deal = (log: MemoryLog, members: readonly Member[]): Map<Member, TopicPartition[]> => {
  const dealt = new Map<Member, TopicPartition[]>(members.map((member) => [member, []]));
  const topics = new Set(members.flatMap((member) => member.subscription.topics));
  for (const at of [...topics].flatMap((topic) => log.partitions(topic))) {
    const takers = members.filter((member) => member.subscription.topics.includes(at.topic));
    const taker = takers[at.partition % takers.length];
    if (taker !== undefined) dealt.get(taker)?.push(at);
  }
  return dealt;
};

/** Consumer groups over the log; every join, leave and expiry deals the partitions out anew. */
export const memoryGroups = (log: MemoryLog, sessionTimeoutMs: number): MemoryGroups => {
  const groups = new Map<string, Member[]>();

  const rebalance = (group: string): void => {
    const members = groups.get(group) ?? [];
    const dealt = deal(log, members);
    for (const member of members) member.assign(dealt.get(member) ?? []);
  };

  const remove = (member: Member): void => {
    const { group } = member.subscription;
    const members = groups.get(group) ?? [];
    if (!members.includes(member)) return;
    groups.set(
      group,
      members.filter((other) => other !== member),
    );
    rebalance(group);
  };

  const join = (subscription: Subscription): MemoryMembership => {
    for (const topic of subscription.topics) log.partitions(topic);
    const ended = Promise.withResolvers<void>();
    ended.promise.catch(() => undefined);
    const feeds = new Map<string, { at: TopicPartition; next: number; on: boolean; queue: PartitionQueue }>();
    let alive = true;

    const fetch = (key: string): void => {
      const feed = feeds.get(key);
      if (feed === undefined) return;
      let reading = true;
      while (reading && alive && feed.on) {
        const { records, next } = log.read({ ...feed.at, offset: feed.next }, log.stableEnd(feed.at), FETCH);
        reading = next > feed.next;
        feed.next = next;
        feed.queue.push(records);
      }
    };

    const open = (at: TopicPartition, offset: number | null, signal: AbortSignal): PartitionQueue => {
      const key = partitionKey(at);
      const queue = partitionQueue({
        signal,
        maxWaiting: subscription.maxWaiting,
        from: offset ?? 0,
        fetching: (on) => {
          feed.on = on;
          fetch(key);
        },
      });
      const feed = { at, next: offset ?? 0, on: true, queue };
      feeds.set(key, feed);
      signal.addEventListener('abort', () => {
        if (feeds.get(key) === feed) feeds.delete(key);
      });
      queueMicrotask(() => fetch(key));
      return queue;
    };

    const fail = (error: unknown): void => {
      served.abortAll(partitionLost(`A partition of ${subscription.group} failed.`));
      remove(member);
      ended.reject(error);
    };
    const served = servings(subscription, open, fail);
    const member: Member = {
      subscription,
      assign: (partitions) => {
        if (alive) served.own(partitions);
      },
      pump: () => {
        for (const key of feeds.keys()) fetch(key);
      },
    };
    groups.set(subscription.group, [...(groups.get(subscription.group) ?? []), member]);
    // As on a real broker, `subscribe` has returned before partitions are served.
    queueMicrotask(() => rebalance(subscription.group));

    return {
      ended: ended.promise,
      leave: async (deadlineMs) => {
        served.abortAll(partitionLost(`This member leaves ${subscription.group}.`));
        await within(served.settled(), deadlineMs);
        remove(member);
        ended.resolve();
      },
      kill: () => {
        alive = false;
        setTimeout(() => remove(member), sessionTimeoutMs);
      },
    };
  };

  return {
    join,
    pump: () => {
      for (const members of groups.values()) for (const member of members) member.pump();
    },
  };
};
