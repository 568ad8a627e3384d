import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mlcClient } from '#providers/mlc/client.ts';
import { scarcityOf } from '#providers/scarcity.ts';
import { wireWorkOf } from '#test/support/mlc.ts';
import { anAnswer, anAsking, fakeHttp, providerPorts } from '#test/support/providers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codesIn = (body: string | null): readonly string[] =>
  JSON.parse(body ?? '[]').map(({ mlcsongCode }: { mlcsongCode: string }) => mlcsongCode);

/** Tracks that are asked for their recordings and then their works, where recordings come one after another, so far apart. */
async function asked(tracks: number, apartMs: number, perSecond: number) {
  const start = Date.now();
  let answersAt = start;
  const works: { readonly at: number; readonly codes: number }[] = [];
  const { http } = fakeHttp(async ({ url, body }) => {
    if (url.endsWith('/oauth/token')) return anAnswer({ idToken: 'good', expiresIn: '3600' });
    if (url.endsWith('/works')) {
      works.push({ at: Date.now() - start, codes: codesIn(body).length });
      return anAnswer(codesIn(body).map((code) => wireWorkOf(code)));
    }
    answersAt = Math.max(answersAt, Date.now()) + apartMs;
    await new Promise((resolve) => setTimeout(resolve, answersAt - Date.now()));
    const { isrc } = JSON.parse(body ?? '{}');
    return anAnswer([{ id: '1', isrc, mlcsongCode: `W${isrc.slice(-4)}` }]);
  });
  const config = {
    apiUrl: 'https://mlc.example.org',
    username: 'u',
    password: 'p',
    lingerMs: { live: 50, replay: 2_000 },
    scarcity: scarcityOf(perSecond),
  };
  const client = mlcClient(config, providerPorts(http));
  const all = Promise.all(
    Array.from({ length: tracks }, async (_, n) => {
      const recordings = await client.recordings(`QZAAA00${String(n).padStart(5, '0')}`, anAsking());
      if (recordings.kind !== 'found') throw new Error(recordings.kind);
      return Promise.all(recordings.facts.songCodes.map((code) => client.works(code, anAsking())));
    }),
  );
  await vi.advanceTimersByTimeAsync(120_000);
  await all;
  return works;
}

describe('works of The MLC wait for company', () => {
  test('in a backlog until their call is full, also where a process gets a third of the calls', async () => {
    const works = await asked(200, 300, 10);
    expect(works.slice(0, 3).map(({ codes }) => codes)).toEqual([50, 50, 50]);
    expect(works.length).toBeLessThanOrEqual(6);
  });

  test('for three seconds at most where few are on their way', async () => {
    const works = await asked(8, 1_900, 1);
    expect(works[0]).toEqual({ at: expect.any(Number), codes: 2 });
    expect(works[0]?.at).toBeLessThan(1_900 + 3_200);
  });

  test('hardly at all where calls are plenty', async () => {
    const [first] = await asked(200, 300, 1_000);
    expect(first?.at).toBeLessThan(1_000);
  });
});
