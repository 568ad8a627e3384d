import { describe, expect, test } from 'vitest';
import { mayGo, type Standing } from '#app/letters/may-go.ts';
import { AT } from '#test/support/tracks.ts';

const standing = (over: Partial<Standing> = {}): Standing => ({
  phase: 'spotify',
  now: AT,
  pausedSince: null,
  patienceMs: 60_000,
  accounts: [],
  ...over,
});

const limited = (account: string) => ({
  account,
  pausedUntil: null,
  reason: null,
  learnedPerSecond: null,
  endpoints: [{ endpoint: 'GET /v1/audio-features', pausedUntil: '2026-07-24T00:00:00.000Z', reason: '429' }],
});

describe('letters that are redriven by themselves', () => {
  test('go when the stage is not paused', () => {
    expect(mayGo('PROVIDER_DOWN', standing())).toBe('all');
    expect(mayGo('ENDPOINT_LIMITED', standing())).toBe('all');
  });

  test('wait while the stage is patient; then one goes as a probe', () => {
    expect(mayGo('PROVIDER_DOWN', standing({ pausedSince: AT - 60_000 }))).toBeNull();
    expect(mayGo('PROVIDER_DOWN', standing({ pausedSince: AT - 60_001 }))).toBe('probe');
  });

  test('of an endpoint wait until none of the account is left alone, and never probe', () => {
    const away = standing({ accounts: [limited('spotify')] });
    expect([mayGo('ENDPOINT_LIMITED', away), mayGo('PROVIDER_DOWN', away)]).toEqual([null, 'all']);
    expect(mayGo('ENDPOINT_LIMITED', standing({ accounts: [limited('mlc')] }))).toBe('all');
    expect(mayGo('ENDPOINT_LIMITED', standing({ pausedSince: AT - 90_000 }))).toBeNull();
  });
});
