import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { registryRest } from '#adapters/registry/rest.ts';
import { shippedSchemas, subjectOf } from '#adapters/registry/shipped.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { schemaRegistryUrl } from '#test/support/addresses.ts';
import { valuesOf } from '#test/support/arbitrary.ts';
import { uniqueName } from '#test/support/names.ts';
import { trackEvent } from '#track/event.ts';

const prefix = `${uniqueName('codec')}.`;
const RAW = `${prefix}tracks.raw`;
const COMPLETE = `${prefix}tracks.complete`;
const log = { warn: () => undefined };
const url = schemaRegistryUrl();
const events = fc.sample(valuesOf(trackEvent), { seed: 5, numRuns: 5 });

const bytesOf = async (codec: ReturnType<typeof registryCodec>, topic: string, value: unknown): Promise<Buffer> => {
  const written = await codec.encode(topic, value);
  if (!written.ok) throw new Error(written.failure.message);
  return written.value;
};

/** The registry, seen through a door that counts and may be shut or wrong. */
type Door = { readonly asked: string[]; answer: { readonly status: number; readonly body: string } | null };

function doorServer(door: Door): Server {
  return createServer(async (request, response) => {
    door.asked.push(`${request.method} ${request.url}`);
    if (door.answer !== null) {
      response.writeHead(door.answer.status).end(door.answer.body);
      return;
    }
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const origin = await fetch(url + request.url, {
      method: request.method ?? 'GET',
      headers: { 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(origin.status, { 'content-type': 'application/json' }).end(await origin.text());
  });
}

describe('the codec on a live registry', () => {
  const door: Door = { asked: [], answer: null };
  const server = doorServer(door);
  let through = '';

  beforeAll(async () => {
    await registerSchemas({ url, log, prefix });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    through = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('reads what another process wrote', async () => {
    const bytes = await Promise.all(
      events.map((event) => bytesOf(registryCodec({ url, log, prefix }), COMPLETE, event)),
    );
    const reader = registryCodec({ url, log, prefix });
    const read = await Promise.all(bytes.map((value) => reader.decode(COMPLETE, value)));
    expect(read).toEqual(events.map((value) => ({ ok: true, value })));
  });

  it('writes what an ordinary client of the registry reads, and reads what it writes', async () => {
    const ordinary = new SchemaRegistry({ host: url });
    const codec = registryCodec({ url, log, prefix });
    const bytes = await bytesOf(codec, COMPLETE, events[0]);
    expect(await ordinary.decode(bytes)).toEqual(events[0]);
    const theirs = await ordinary.encode(await ordinary.getLatestSchemaId(subjectOf(COMPLETE)), events[1]);
    expect(await codec.decode(COMPLETE, theirs)).toEqual({ ok: true, value: events[1] });
  });

  it('writes with the schema it ships, not with the latest one of the subject', async () => {
    const own = uniqueName('newer');
    await registerSchemas({ url, log, prefix: `${own}.` });
    const subject = subjectOf(`${own}.tracks.complete`);
    const shipped = shippedSchemas().find(({ topic }) => topic === 'tracks.complete')?.text ?? '';
    const newer = JSON.parse(shipped);
    newer.fields.push({ name: 'added', type: ['null', 'string'], doc: 'Added by a later release.', default: null });
    const rest = registryRest(url, log);
    const { id } = (await rest.register(subject, JSON.stringify(newer))) as { id: number };

    const codec = registryCodec({ url, log, prefix: `${own}.` });
    const bytes = await bytesOf(codec, `${own}.tracks.complete`, events[0]);
    expect(bytes.readInt32BE(1)).toBe(await rest.find(subject, shipped));

    const theirs = await new SchemaRegistry({ host: url }).encode(id, { ...events[0], added: 'later' });
    expect(await codec.decode(`${own}.tracks.complete`, theirs)).toEqual({ ok: true, value: events[0] });
  });

  it('asks once for each id, however many messages carry it', async () => {
    const bytes = await bytesOf(registryCodec({ url, log, prefix }), COMPLETE, events[0]);
    const codec = registryCodec({ url: through, log, prefix });
    door.asked.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => codec.decode(COMPLETE, bytes)));
    await Promise.all(Array.from({ length: 20 }, () => codec.encode(COMPLETE, events[0])));
    await codec.decode(COMPLETE, bytes);
    expect(door.asked).toEqual([`GET /schemas/ids/${bytes.readInt32BE(1)}`, `POST /subjects/${subjectOf(COMPLETE)}`]);
  });

  it('says that an id is unknown, and does not ask for it again until some time has passed', async () => {
    const poison = Buffer.from([0, 0x7f, 0, 0, 1, 0]);
    const codec = registryCodec({ url: through, log, prefix });
    door.asked.length = 0;
    const unknown = { ok: false, failure: { code: 'UNKNOWN_SCHEMA', message: expect.any(String), retryAfterMs: null } };
    for (let time = 0; time < 5; time += 1) expect(await codec.decode(RAW, poison)).toEqual(unknown);
    expect(new Set(door.asked)).toEqual(new Set([`GET /schemas/ids/${0x7f000001}`]));
    expect(door.asked.length).toBeLessThanOrEqual(2);

    const forgetful = registryCodec({ url: through, log, prefix, forgetAfter: 0 });
    await forgetful.decode(RAW, poison);
    const before = door.asked.length;
    await forgetful.decode(RAW, poison);
    expect(door.asked.length).toBeGreaterThan(before);
  });

  it('refuses a value of another topic’s type as undecodable', async () => {
    const event = await bytesOf(registryCodec({ url, log, prefix }), COMPLETE, events[0]);
    expect(await registryCodec({ url, log, prefix }).decode(RAW, event)).toMatchObject({
      ok: false,
      failure: { code: 'UNDECODABLE' },
    });
  });

  it('throws, and does not blame the record, when the registry is down, broken or not a registry', async () => {
    const bytes = await bytesOf(registryCodec({ url, log, prefix }), COMPLETE, events[0]);
    const proxies = [
      { status: 503, body: '{"error_code":50003,"message":"down"}' },
      { status: 404, body: '<html>no such page</html>' },
      { status: 404, body: '{"error_code":404,"message":"HTTP 404 Not Found"}' },
    ];
    for (const answer of proxies) {
      door.answer = answer;
      const codec = registryCodec({ url: through, log, prefix });
      const read = expect(codec.decode(COMPLETE, bytes)).rejects.toThrow();
      const written = expect(codec.encode(COMPLETE, events[0])).rejects.toThrow();
      await Promise.all([read, written]);
    }
    door.answer = null;
    const dead = registryCodec({ url: 'http://127.0.0.1:1', log, prefix });
    await expect(dead.decode(COMPLETE, bytes)).rejects.toThrow('127.0.0.1:1');
  });

  it('goes on by itself once the registry is back', async () => {
    const bytes = await bytesOf(registryCodec({ url, log, prefix }), COMPLETE, events[0]);
    const codec = registryCodec({ url: through, log, prefix });
    door.answer = { status: 503, body: '{}' };
    const read = expect(codec.decode(COMPLETE, bytes)).rejects.toThrow();
    const written = expect(codec.encode(COMPLETE, events[0])).rejects.toThrow();
    await Promise.all([read, written]);
    door.answer = null;
    expect(await codec.decode(COMPLETE, bytes)).toEqual({ ok: true, value: events[0] });
    expect((await codec.encode(COMPLETE, events[0])).ok).toBe(true);
  });

  it('says what to do when the schemas are not registered', async () => {
    const bare = `${uniqueName('bare')}.`;
    await expect(registryCodec({ url, log, prefix: bare }).encode(`${bare}tracks.raw`, {})).rejects.toThrow(
      'linernotes schemas register',
    );
  });

  it('writes the bytes that the codec in memory writes, but for the id', async () => {
    const real = await bytesOf(registryCodec({ url, log, prefix }), COMPLETE, events[2]);
    const memory = await bytesOf(memoryCodec(prefix), COMPLETE, events[2]);
    expect(memory.subarray(5)).toEqual(real.subarray(5));
  });
});
