import { describe, expect, test } from 'vitest';
import { refusalOf, retryAfterMs } from '#providers/http.ts';
import { failure } from '#stream/failure.ts';
import { anAnswer, aStatus } from '#test/support/providers.ts';
import { AT } from '#test/support/tracks.ts';

describe('Retry-After', () => {
  test('is read as seconds', () => expect(retryAfterMs('46649', AT)).toBe(46_649_000));
  test('is read as an HTTP date', () => {
    expect(retryAfterMs(new Date(AT + 7_000).toUTCString(), AT)).toBe(7_000);
  });
  test('of the past means now', () => expect(retryAfterMs(new Date(AT - 7_000).toUTCString(), AT)).toBe(0));
  test.each([undefined, '', ' ', 'soon'])('%j says nothing', (header) => expect(retryAfterMs(header, AT)).toBeNull());
});

describe('a status as a failure', () => {
  const what = 'GET https://example.org/v1/tracks';
  test.each([
    [401, 'UNAUTHORIZED'],
    [408, 'TIMEOUT'],
    [429, 'RATE_LIMITED'],
    [500, 'PROVIDER_ERROR'],
    [502, 'PROVIDER_ERROR'],
    [503, 'PROVIDER_DOWN'],
    [504, 'PROVIDER_ERROR'],
  ])('%i is %s', (status, code) => {
    expect(refusalOf(aStatus(status), what, AT)).toMatchObject({ code, retryAfterMs: null });
  });

  test.each([200, 201, 400, 403, 404])('%i is left to the client', (status) => {
    expect(refusalOf(aStatus(status), what, AT)).toBeNull();
  });

  test('429 carries the wait that the provider asked for', () => {
    expect(refusalOf(aStatus(429, { 'retry-after': '3' }), what, AT)).toEqual(
      failure('RATE_LIMITED', `${what} answered 429`, 3_000),
    );
  });

  test('429 with QUOTA_EXCEEDED in its body is a spent quota', () => {
    const answer = anAnswer({ error: { reason: 'QUOTA_EXCEEDED' } }, { status: 429 });
    expect(refusalOf(answer, what, AT)?.code).toBe('QUOTA_SPENT');
  });

  test('200 without JSON, an error page say, is trouble of the provider', () => {
    expect(refusalOf(anAnswer(null, { text: '<html>' }), what, AT)?.code).toBe('PROVIDER_ERROR');
  });
});
