import { describe, expect, it } from 'vitest';
import { refusalOfMusicBrainz } from '#providers/musicbrainz/refusal.ts';
import { httpAnswer, type Scripted } from '#test/support/provider-world.ts';
import { AT } from '#test/support/tracks.ts';

const overRate = { error: 'Your requests are exceeding the allowable rate limit. Please see the documentation.' };
const busy = { error: 'The MusicBrainz web server is currently busy. Please try again later.' };

const refusal = (said: Scripted) => {
  const read = refusalOfMusicBrainz(httpAnswer(said), 'GET x', AT);
  return read === null ? null : { code: read.code, retryAfterMs: read.retryAfterMs };
};

describe('a 503 of MusicBrainz', () => {
  it('with its text about rates is ours: nobody calls for as long as it says', () => {
    expect(refusal({ status: 503, headers: { 'retry-after': '4' }, json: overRate })).toEqual({
      code: 'RATE_LIMITED',
      retryAfterMs: 4_000,
    });
  });

  it('tells the moment by X-RateLimit-Reset when there is no Retry-After', () => {
    const headers = { 'x-ratelimit-zone': 'per-ip', 'x-ratelimit-reset': String(AT / 1000 + 3) };
    expect(refusal({ status: 503, headers })).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 3_000 });
  });

  it('waits out one second of budget when nothing says how long', () => {
    expect(refusal({ status: 503, json: overRate })).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 1_000 });
  });

  it('of the search servers is their overload, which passes soon and is not our rate', () => {
    const headers = { 'x-ratelimit-zone': 'search-global' };
    expect(refusal({ status: 503, headers, json: overRate })?.code).toBe('PROVIDER_ERROR');
    expect(refusal({ status: 503, json: busy })?.code).toBe('PROVIDER_ERROR');
  });

  it('that says nothing of either is a service that is down', () => {
    expect(refusal({ status: 503 })?.code).toBe('PROVIDER_DOWN');
  });
});

describe('other statuses of MusicBrainz', () => {
  it('read as everywhere', () => {
    expect(refusal({ status: 502 })?.code).toBe('PROVIDER_ERROR');
    expect(refusal({ status: 404, json: { error: 'Not Found' } })).toBeNull();
  });
});
