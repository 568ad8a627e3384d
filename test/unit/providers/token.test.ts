import { describe, expect, test } from 'vitest';
import { tokenSource } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';

/** A source whose tokens are numbered, on a clock that the test moves. */
function numbered(expiresInMs = 3_600_000) {
  const clock = { now: 1_000_000 };
  let asked = 0;
  const source = tokenSource(
    async () => {
      asked += 1;
      return ok({ token: `token-${asked}`, expiresInMs });
    },
    () => clock.now,
  );
  return { clock, source, asked: () => asked };
}

describe('a token source', () => {
  test('asks once for all who need a token at the same time', async () => {
    const { source, asked } = numbered();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.current()));
    expect([asked(), new Set(tokens.map((token) => JSON.stringify(token))).size]).toEqual([1, 1]);
  });

  test('renews a minute before the token ends', async () => {
    const { clock, source } = numbered();
    await source.current();
    clock.now += 3_539_999;
    expect(await source.current()).toEqual(ok('token-1'));
    clock.now += 1;
    expect(await source.current()).toEqual(ok('token-2'));
  });

  test('replaces a refused token once, however many were refused with it', async () => {
    const { source, asked } = numbered();
    await source.current();
    source.refused('token-1');
    expect(await source.current()).toEqual(ok('token-2'));
    source.refused('token-1');
    expect([await source.current(), asked()]).toEqual([ok('token-2'), 2]);
  });

  test('tells a failure to all who wait and asks again the next time', async () => {
    const answers = [failed(failure('PROVIDER_DOWN', 'no')), ok({ token: 'later', expiresInMs: 3_600_000 })];
    const source = tokenSource(
      async () => answers.shift() ?? failed(failure('BUG', 'asked too often')),
      () => 0,
    );
    const [first, second] = await Promise.all([source.current(), source.current()]);
    expect([first, second, await source.current()]).toEqual([
      failed(failure('PROVIDER_DOWN', 'no')),
      failed(failure('PROVIDER_DOWN', 'no')),
      ok('later'),
    ]);
  });
});
