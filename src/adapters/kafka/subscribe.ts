import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, IMemberAssignment } from 'kafkajs';
import { partitionKey, partitionLost, servings } from '#adapters/group/servings.ts';
import { within } from '#adapters/group/within.ts';
import type { RangeOf, Subscribe } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';
import { type KafkaConnection, kafkaClient, PATIENT } from './client.ts';
import { consumerFeeds } from './feeds.ts';

export type SubscribeSettings = {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly rangeOf: RangeOf;
};

/** Bounds how long a fetch may hold up a pause, a seek or leaving; an idle member asks four times a second. */
const MAX_WAIT_MS = 250;

/**
 * Memory a member holds beside its queues: brokers times the first, and a batch of the second for each partition. These are
 * bytes on the wire; inflated they are about four times as many.
 */
const MAX_BYTES = 1024 * 1024;
const MAX_BYTES_PER_PARTITION = 64 * 1024;

const consumerOf = (
  connection: KafkaConnection,
  group: string,
  settings: SubscribeSettings,
  restartOnFailure: () => Promise<boolean>,
): Consumer =>
  kafkaClient(connection, PATIENT).consumer({
    groupId: group,
    sessionTimeout: settings.sessionTimeoutMs,
    rebalanceTimeout: settings.rebalanceTimeoutMs,
    // Members learn of a rebalance by their heartbeats.
    heartbeatInterval: Math.ceil(settings.sessionTimeoutMs / 10),
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytes: MAX_BYTES,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    metadataMaxAge: 60_000,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    retry: { ...PATIENT, restartOnFailure },
  });

/**
 * Joining is not retried inside kafkajs: a coordinator that is still loading its groups, as after every start of a broker, ends the
 * consumer. So it may begin anew so many times in a row before the membership ends, loudly.
 */
const MOST_RESTARTS = 10;
const LONGEST_RESTART_MS = 3_000;

const partitionsOf = (assignment: IMemberAssignment): readonly TopicPartition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));

/**
 * Membership in a consumer group. kafkajs's poll loop only fills queues, so that heartbeats never wait for a handler.
 * kafkajs never commits an offset here: that is the transactional writer's part.
 */
export const kafkaSubscribe =
  (connection: KafkaConnection, settings: SubscribeSettings): Subscribe =>
  async (subscription) => {
    const { group } = subscription;
    const { log } = connection;
    let restarts = 0;
    // Asked only where kafkajs itself holds the error for one that passes.
    const mayRestart = async (): Promise<boolean> => {
      restarts += 1;
      await sleep(Math.min(LONGEST_RESTART_MS, 50 * 2 ** restarts));
      return restarts <= MOST_RESTARTS;
    };
    const consumer = consumerOf(connection, group, settings, mayRestart);
    const ended = Promise.withResolvers<void>();
    // Nobody may be waiting yet when it ends; whoever asks later still learns of it.
    ended.promise.catch(() => undefined);
    let over = false;
    let running = true;
    let memberId: string | null = null;

    const fail = (error: unknown): void => {
      if (over) return;
      over = true;
      served.abortAll(partitionLost(`The membership in ${group} failed.`));
      consumer.disconnect().catch(() => undefined);
      ended.reject(error);
    };

    const feeds = consumerFeeds(consumer, {
      maxWaiting: subscription.maxWaiting,
      rangeOf: settings.rangeOf,
      log,
      failed: fail,
      running: () => running,
    });
    const served = servings(subscription, feeds.open, fail);

    const own = (partitions: readonly TopicPartition[], asMember: string): void => {
      // A new member id: the group had dropped us, and others may have owned our partitions since. What was begun would be
      // lost at commit, so it is not worth finishing.
      if (memberId !== asMember) served.abortAll(partitionLost(`The session in ${group} had expired.`));
      memberId = asMember;
      const names = partitions.map(partitionKey);
      log.info({ group, partitions: names }, 'Partitions assigned');
      served.own(partitions);
    };

    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = partitionsOf(payload.memberAssignment);
      restarts = 0;
      running = true;
      if (!over) own(partitions, payload.memberId);
      feeds.assigned(partitions);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      running = false;
      // kafkajs joins again by itself; until then nothing is ours.
      if (payload.restart) served.abortAll(partitionLost(`The membership in ${group} was interrupted.`));
      if (payload.restart) return;
      fail(payload.error);
    });

    await consumer.connect();
    await consumer.subscribe({ topics: [...subscription.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: feeds.receive,
    });

    return {
      ended: ended.promise,
      leave: async (deadlineMs) => {
        over = true;
        served.abortAll(partitionLost(`This member leaves ${group}.`));
        await within(served.settled(), deadlineMs);
        await within(consumer.disconnect(), Math.max(deadlineMs, 2_000));
        ended.resolve();
      },
    };
  };
