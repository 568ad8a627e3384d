import { describe, expect, test } from 'vitest';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { tokenSource } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';
import { anAnswer, aStatus, fakeHttp, noHttp, providerPorts } from '#test/support/providers.ts';
import { AT } from '#test/support/tracks.ts';

const scope = { lane: 'live', signal: new AbortController().signal } as const;
const options = { ...CALL_DEFAULTS, origin: 'https://example.org', account: 'test' };
const things = { method: 'GET', path: '/v1/things?ids=a', body: null } as const;

function tokens() {
  let issued = 0;
  return tokenSource(
    async () => {
      issued += 1;
      return ok({ token: `token-${issued}`, expiresInMs: 3_600_000 });
    },
    () => AT,
  );
}

describe('a call', () => {
  test('sends JSON with token and headers to the origin', async () => {
    const { http, requests } = fakeHttp(() => anAnswer({ fine: true }));
    const call = caller({ ...options, token: tokens(), headers: { 'user-agent': 'linernotes' } }, providerPorts(http));
    expect(await call({ method: 'POST', path: '/works', body: [1] }, scope)).toEqual(ok(anAnswer({ fine: true })));
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'https://example.org/works',
        headers: {
          accept: 'application/json',
          'user-agent': 'linernotes',
          'content-type': 'application/json',
          authorization: 'Bearer token-1',
        },
        body: '[1]',
        timeoutMs: 15_000,
      },
    ]);
  });

  test('answers 401 with one new token and one more try', async () => {
    const { http, requests } = fakeHttp(({ headers }) =>
      headers['authorization'] === 'Bearer token-2' ? anAnswer({ fine: true }) : aStatus(401),
    );
    const call = caller({ ...options, token: tokens() }, providerPorts(http));
    expect([(await call(things, scope)).ok, requests.length]).toEqual([true, 2]);
  });

  test('fails with UNAUTHORIZED when the new token is refused too', async () => {
    const { http, requests } = fakeHttp(() => aStatus(401));
    const call = caller({ ...options, token: tokens() }, providerPorts(http));
    expect(await call(things, scope)).toMatchObject({ ok: false, failure: { code: 'UNAUTHORIZED' } });
    expect(requests).toHaveLength(2);
  });

  test('pauses the account on 429, and the next call is not made', async () => {
    const { http, requests } = fakeHttp(() => aStatus(429, { 'retry-after': '86400' }));
    const ports = providerPorts(http);
    const call = caller(options, ports);
    const first = await call(things, scope);
    expect(first).toEqual(
      failed(failure('RATE_LIMITED', 'GET https://example.org/v1/things answered 429', 86_400_000)),
    );
    expect(await ports.governor.paused('test')).toMatchObject({ until: AT + 86_400_000 });
    expect(await call(things, scope)).toMatchObject({
      ok: false,
      failure: { code: 'RATE_LIMITED', retryAfterMs: 86_400_000 },
    });
    expect(requests).toHaveLength(1);
  });

  test('keeps silent for a while of its own when 429 names none', async () => {
    const ports = providerPorts(fakeHttp(() => aStatus(429)).http);
    await caller({ ...options, silentPauseMs: 5_000 }, ports)(things, scope);
    expect(await ports.governor.paused('test')).toMatchObject({ until: AT + 5_000 });
  });

  test('does not pause the account on 500 or 503 without a moment', async () => {
    const ports = providerPorts(fakeHttp(({ url }) => aStatus(url.endsWith('a') ? 500 : 503)).http);
    const call = caller(options, ports);
    await call(things, scope);
    await call({ ...things, path: '/b' }, scope);
    expect(await ports.governor.paused('test')).toBeNull();
  });

  test('gives up the wait for a slot when nobody waits for the answer', async () => {
    const ports = providerPorts(noHttp);
    const gone = AbortSignal.abort('gone');
    await expect(caller(options, ports)(things, { lane: 'live', signal: gone })).rejects.toBe('gone');
  });
});
