import kafkajs from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { applyTopics, livePlan } from '#app/topics/apply.ts';
import { forgottenIn } from '#app/topics/forgotten.ts';
import { readTopics } from '#app/topics/manifest.ts';
import { command } from '#cli/topics.ts';
import { kafkaBrokers } from '#test/support/addresses.ts';
import { runCommand } from '#test/support/io.ts';
import { uniqueName } from '#test/support/names.ts';
import { wantedTopic } from '#test/support/topics.ts';

const quiet = () => undefined;
const admin = kafkaAdmin({
  brokers: kafkaBrokers(),
  clientId: 'topics-test',
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
});
const made: string[] = [];
const own = (purpose: string): string => {
  const prefix = `${uniqueName(purpose)}.`;
  made.push(prefix);
  return prefix;
};

afterAll(async () => {
  const left = (await admin.list()).filter((name) => made.some((prefix) => name.startsWith(prefix)));
  if (left.length > 0) await admin.deleteTopics(left);
  await admin.close();
});

describe('topics on a live cluster', () => {
  it('become what the files say, also when two processes apply them at once, and then nothing differs', async () => {
    const prefix = own('apply');
    const wanted = readTopics({ prefix });
    await Promise.all([applyTopics(admin, wanted, { prefix }), applyTopics(admin, wanted, { prefix })]);
    expect(await livePlan(admin, wanted, { prefix })).toEqual([]);
    const live = await admin.describe(wanted.map(({ name }) => name));
    expect(live.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
      wanted
        .map(({ name, partitions, replication, config }) => ({ name, partitions, replication, config }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    );
    expect(await applyTopics(admin, wanted, { prefix })).toEqual({ applied: [], refused: [] });
  });

  it('are adopted when they exist: grown, kept longer, and what is not in the file is left', async () => {
    const prefix = own('adopt');
    const name = `${prefix}tracks.raw`;
    const config = { 'retention.ms': '3600000', 'segment.ms': '600000' };
    await applyTopics(admin, [wantedTopic(name, { partitions: 2, config })], { prefix });
    const wanted = [wantedTopic(name, { partitions: 3 })];
    expect((await applyTopics(admin, wanted, { prefix })).refused).toEqual([]);
    expect(await admin.describe([name])).toEqual([
      {
        name,
        partitions: 3,
        replication: 1,
        config: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'segment.ms': '600000' },
      },
    ]);
  });

  it('lose nothing unless it is allowed', async () => {
    const prefix = own('lose');
    const [kept, old] = [`${prefix}tracks.raw`, `${prefix}tracks.old`];
    const config = { 'cleanup.policy': 'delete', 'retention.ms': '-1' };
    const live = [kept, old].map((name) => ({ name, partitions: 6, replication: 1, config }));
    await applyTopics(admin, [wantedTopic(kept), wantedTopic(old)], { prefix });
    const shorter = { 'cleanup.policy': 'delete', 'retention.ms': '3600000' };
    const wanted = [wantedTopic(kept, { partitions: 3, config: shorter })];

    const first = await applyTopics(admin, wanted, { prefix });
    expect(first.applied).toEqual([]);
    expect(first.refused.map(({ kind, topic }) => [kind, topic])).toEqual([
      ['partitions', kept],
      ['config', kept],
      ['delete', old],
    ]);
    expect(await admin.describe([kept, old])).toEqual(expect.arrayContaining(live));

    const second = await applyTopics(admin, wanted, { prefix, allowed: { delete: true, shorterRetention: true } });
    expect(second.refused.map(({ kind }) => kind)).toEqual(['partitions']);
    expect(await admin.describe([kept])).toEqual([{ name: kept, partitions: 6, replication: 1, config: shorter }]);
    await expect.poll(async () => (await admin.list()).includes(old)).toBe(false);
  });

  it('tell when their first records are gone', async () => {
    const prefix = own('forget');
    const topic = `${prefix}tracks.raw`;
    await applyTopics(admin, [wantedTopic(topic, { partitions: 2 })], { prefix });
    expect(await forgottenIn(admin, prefix)).toEqual([]);
    const kafka = new kafkajs.Kafka({ brokers: kafkaBrokers(), logLevel: kafkajs.logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value, partition: 1 })) });
    await producer.disconnect();
    const eraser = kafka.admin();
    await eraser.connect();
    // kafkajs deletes records only of topics it has looked at before.
    await eraser.fetchTopicOffsets(topic);
    await eraser.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '2' }] });
    await eraser.disconnect();
    expect(await forgottenIn(admin, prefix)).toEqual([{ topic, from: { 1: 2 } }]);
  });
});

describe('linernotes topics', () => {
  const env = { KAFKA_BROKERS: kafkaBrokers().join(',') };

  it('applies, finds no drift after that, and finds it again', async () => {
    const applied = await runCommand(command, ['apply'], env);
    expect([0, 3]).toContain(applied.exit);
    const ours = readTopics().map(({ name }) => name);
    const plan = await runCommand(command, ['plan', '--json'], env);
    expect(plan.exit).toBe(0);
    const { changes } = JSON.parse(plan.out[0] ?? '') as { changes: { topic: string }[] };
    expect(changes.filter(({ topic }) => ours.includes(topic))).toEqual([]);

    const grown = { ...env, KAFKA_REPLICATION: '3' };
    const drift = await runCommand(command, ['plan', '--check'], grown);
    expect(drift.exit).toBe(3);
    expect(drift.out).toContain('~ tracks.raw: replication 1 → 3');
    expect((await runCommand(command, ['plan'], grown)).exit).toBe(0);
  });

  it.each([[[]], [['guess']], [['plan', '--wrong']], [['plan', 'apply']]])('exits 2 for %j', async (args) => {
    expect(await runCommand(command, args, env)).toMatchObject({ exit: 2, out: [] });
  });

  it('exits 2 when no cluster is configured', async () => {
    const said = await runCommand(command, ['plan'], {});
    expect(said.exit).toBe(2);
    expect(said.err[0]).toContain('KAFKA_BROKERS');
  });
});
