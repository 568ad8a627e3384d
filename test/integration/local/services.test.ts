import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import puppeteer from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { newTopics } from '#adapters/kafka/new-topics.ts';
import { chromiumArgs, chromiumPath, kafkaBrokers, schemaRegistryUrl } from '#test/support/addresses.ts';
import { freshDatabase } from '#test/support/database.ts';
import { uniqueName } from '#test/support/names.ts';

const register = async (subject: string, schema: object | string): Promise<{ status: number; id: unknown }> => {
  const answer = await fetch(`${schemaRegistryUrl()}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  const body = (await answer.json()) as { id?: unknown };
  return { status: answer.status, id: body.id };
};

const record = (fields: readonly object[]) => ({ type: 'record', name: 'Thing', fields });

describe('the services of a run', () => {
  const kafka = new Kafka({ brokers: kafkaBrokers(), logLevel: logLevel.NOTHING });

  test('Kafka commits a transaction and hides an aborted one from read committed consumers', async () => {
    const topic = uniqueName('local');
    const admin = kafka.admin();
    await admin.connect();
    await newTopics(admin, [{ topic, numPartitions: 1 }]);
    await admin.disconnect();
    const producer = kafka.producer({ transactionalId: uniqueName('local'), maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    for (const [value, end] of [
      ['kept', 'commit'],
      ['dropped', 'abort'],
      ['kept too', 'commit'],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value }] });
      await transaction[end]();
    }
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: uniqueName('local') });
    const read: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ message }) => {
            read.push(String(message.value));
            if (read.length === 2) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    expect(read).toEqual(['kept', 'kept too']);
  });

  test('Kafka makes no topic by itself', async () => {
    const producer = kafka.producer({ retry: { retries: 0 } });
    await producer.connect();
    const sent = producer.send({ topic: uniqueName('misspelt'), messages: [{ value: 'x' }] });
    await expect(sent).rejects.toThrow('does not host this topic-partition');
    await producer.disconnect();
  });

  test('Kafka takes a record of 4 MiB', async () => {
    const topic = uniqueName('large');
    const configEntries = [{ name: 'max.message.bytes', value: String(4 * 1024 * 1024 + 1024) }];
    const admin = kafka.admin();
    await admin.connect();
    await newTopics(admin, [{ topic, numPartitions: 1, configEntries }]);
    await admin.disconnect();
    const producer = kafka.producer({ retry: { retries: 0 } });
    await producer.connect();
    const [written] = await producer.send({ topic, messages: [{ value: Buffer.alloc(4 * 1024 * 1024) }] });
    await producer.disconnect();
    expect(written).toMatchObject({ topicName: topic, errorCode: 0 });
  });

  test('the registry gives one id for one schema and refuses what breaks its readers', async () => {
    const subject = uniqueName('thing');
    const first = await register(subject, record([{ name: 'a', type: 'string' }]));
    const again = await register(subject, record([{ name: 'a', type: 'string' }]));
    const broken = await register(subject, record([{ name: 'b', type: 'string' }]));
    expect([first.status, again, broken.status]).toEqual([200, first, 409]);
  });

  test('Postgres 18 gives each test a database of its own and sorts by code point', async () => {
    const database = await freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int / 10000 as major, array(
         select x from unnest(array['b', 'A', 'á', 'a']) x order by x) as sorted`,
    );
    await client.end();
    await database.drop();
    expect(rows).toEqual([{ major: 18, sorted: ['A', 'a', 'b', 'á'] }]);
  });

  test('Chromium renders a page and runs its script', async () => {
    const browser = await puppeteer.launch({ executablePath: chromiumPath(), args: chromiumArgs() });
    const page = await browser.newPage();
    const html =
      '<meta charset=utf-8><h1>…</h1><script>document.querySelector("h1").textContent = "Grüße 東京"</script>';
    await page.goto(`data:text/html,${encodeURIComponent(html)}`);
    const title = await page.$eval('h1', (heading) => ({
      text: heading.textContent,
      visible: heading.getBoundingClientRect().height > 0,
    }));
    await browser.close();
    expect(title).toEqual({ text: 'Grüße 東京', visible: true });
  });
});
