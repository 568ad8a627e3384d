import { describe, expect, test } from 'vitest';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { anAnswer, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { AT } from '#test/support/tracks.ts';

const scope = { lane: 'live', signal: new AbortController().signal } as const;

const refusal = (headers: Record<string, string>, reason: string | undefined) =>
  anAnswer({ error: { status: 429, reason } }, { status: 429, headers });

/** An account of which some endpoints refuse, with so many seconds to wait, and how often its rate was to blame. */
function anAccount(refusing: Record<string, string>, reason?: string) {
  let now = AT;
  let lessons = 0;
  const { http, paths } = fakeHttp(({ url }) => {
    const told = refusing[new URL(url).pathname];
    return told === undefined ? anAnswer({}) : refusal(told === '' ? {} : { 'retry-after': told }, reason);
  });
  const ports = providerPorts(http, { now: () => now });
  const governor = {
    ...ports.governor,
    tooFast: async () => {
      lessons += 1;
    },
  };
  const call = caller({ ...CALL_DEFAULTS, origin: 'https://example.org', account: 'test' }, { ...ports, governor });
  return {
    refusing,
    ask: async (path: string) => {
      const answer = await call({ method: 'GET', path, body: null }, scope);
      return answer.ok ? 'answered' : `${answer.failure.code} ${answer.failure.retryAfterMs}`;
    },
    asked: (path: string) => paths().filter((one) => one === `GET ${path}`).length,
    pass: (ms: number) => {
      now += ms;
    },
    paused: () => ports.governor.paused('test'),
    lessons: () => lessons,
  };
}

describe('a refused call', () => {
  test('of an endpoint that is told a long wait, while others were answered, leaves that endpoint alone', async () => {
    const account = anAccount({ '/features': '86400' });
    expect(await account.ask('/tracks')).toBe('answered');
    expect(await account.ask('/features')).toBe('ENDPOINT_LIMITED 86400000');
    expect(await account.ask('/features?ids=b')).toBe('ENDPOINT_LIMITED 86400000');
    expect(await account.ask('/tracks')).toBe('answered');
    expect([account.asked('/features'), await account.paused(), account.lessons()]).toEqual([1, null, 0]);
  });

  test('with a short wait pauses the account first, and the endpoint when it is refused again', async () => {
    const account = anAccount({ '/features': '20' });
    await account.ask('/tracks');
    expect(await account.ask('/features')).toBe('RATE_LIMITED 20000');
    expect(await account.ask('/tracks')).toBe('RATE_LIMITED 20000');
    account.pass(20_001);
    expect(await account.ask('/tracks')).toBe('answered');
    expect(await account.ask('/features')).toBe('ENDPOINT_LIMITED 20000');
    expect(await account.ask('/tracks')).toBe('answered');
    expect(account.lessons()).toBe(1);
  });

  test('pauses the account when no other endpoint was answered', async () => {
    const account = anAccount({ '/features': '7200' });
    expect(await account.ask('/features')).toBe('RATE_LIMITED 7200000');
    expect(await account.ask('/tracks')).toBe('RATE_LIMITED 7200000');
  });

  test('of an account that is limited as a whole costs one call more, when it was taken for its endpoint alone', async () => {
    const account = anAccount({});
    await account.ask('/tracks');
    await account.ask('/albums');
    Object.assign(account.refusing, { '/tracks': '7200', '/albums': '7200' });
    expect(await account.ask('/tracks')).toBe('ENDPOINT_LIMITED 7200000');
    expect(await account.ask('/albums')).toBe('RATE_LIMITED 7200000');
    expect(await account.ask('/artists')).toBe('RATE_LIMITED 7200000');
  });

  test('that was answered in between is a rate again, not an endpoint', async () => {
    const account = anAccount({ '/features': '5' });
    await account.ask('/tracks');
    await account.ask('/features');
    account.pass(5_001);
    delete account.refusing['/features'];
    await account.ask('/features');
    await account.ask('/tracks');
    account.refusing['/features'] = '5';
    expect(await account.ask('/features')).toBe('RATE_LIMITED 5000');
  });

  test('together with others of its endpoint that were under way is one refusal', async () => {
    const account = anAccount({ '/features': '5' });
    await account.ask('/tracks');
    const together = await Promise.all([1, 2, 3].map((n) => account.ask(`/features?ids=${n}`)));
    expect(new Set(together)).toEqual(new Set(['RATE_LIMITED 5000']));
  });

  test('without a moment leaves the endpoint alone for a while of ours', async () => {
    const account = anAccount({ '/features': '' });
    await account.ask('/tracks');
    await account.ask('/features');
    account.pass(30_001);
    await account.ask('/tracks');
    expect(await account.ask('/features')).toBe('ENDPOINT_LIMITED null');
    expect(await account.ask('/features')).toBe('ENDPOINT_LIMITED 30000');
  });
});

describe('a quota that is spent', () => {
  test('pauses the whole account as told, and teaches nothing of its rate', async () => {
    const account = anAccount({ '/tracks': '7200' }, 'QUOTA_EXCEEDED');
    await account.ask('/others');
    expect(await account.ask('/tracks')).toBe('QUOTA_SPENT 7200000');
    expect([(await account.paused())?.until, account.lessons()]).toEqual([AT + 7_200_000, 0]);
  });

  test('pauses it for a quarter of an hour when nothing is told', async () => {
    const account = anAccount({ '/tracks': '' }, 'QUOTA_EXCEEDED');
    await account.ask('/tracks');
    expect((await account.paused())?.until).toBe(AT + 900_000);
  });
});
