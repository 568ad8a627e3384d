import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';

const catalogue = createCatalogue();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
});
afterAll(() => sandbox.stop());

const ask = async (ids: readonly string[]) => {
  const answer = await fetch(`${sandbox.urls.RECCOBEATS_URL}/v1/audio-features?ids=${ids.join(',')}`);
  return { status: answer.status, body: (await answer.json()) as { content: { href: string; tempo: number }[] } };
};

describe("ReccoBeats' stand-in", () => {
  it('answers what it knows by link, in an order of its own, and leaves out the rest', async () => {
    const ids = catalogue.find.plain(20);
    const { status, body } = await ask(ids);
    const answered = body.content.map(({ href }) => href.split('/').at(-1) ?? '');
    expect(status).toBe(200);
    expect(answered).toEqual(ids.filter((id) => (catalogue.resolve.track(id) ?? 0) % 7 !== 0).toReversed());
    expect(body.content[0]).toMatchObject({
      tempo: catalogue.features(catalogue.resolve.track(answered[0] ?? '') ?? 0).tempo,
    });
    expect(body.content[0]).not.toHaveProperty('time_signature');
  });

  it('refuses more than forty ids', async () => {
    expect((await ask(catalogue.find.plain(41))).status).toBe(400);
    expect(sandbox.violations().counts.reccobeats).toEqual({ 'over-batch': 1 });
  });

  it('takes faults like the others', async () => {
    sandbox.setFault({ provider: 'reccobeats', mode: 'status:429', retryAfter: 3, count: 1 });
    expect((await ask(catalogue.find.plain(1))).status).toBe(429);
  });
});
