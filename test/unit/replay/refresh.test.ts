import { describe, expect, it } from 'vitest';
import { refreshRequest } from '#replay/refresh.ts';
import { compileWhere } from '#replay/where.ts';
import { PHASES } from '#track/phase.ts';

describe('a refresh', () => {
  it('is a replay of what has an old measurement by any phase that is on', () => {
    expect(refreshRequest('7d', null, PHASES)).toEqual({
      where: '(popularity_at older than 7d or streams_at older than 7d or statistics_at older than 7d)',
    });
    expect(refreshRequest('36h', "it's", ['analytics'])).toEqual({
      where: "(statistics_at older than 36h) and playlists contains 'it''s'",
    });
  });

  it('asks by a condition that can be read', () => {
    const request = refreshRequest('7d', "it's", PHASES);
    expect(compileWhere('where' in request ? (request.where ?? '') : '', 0)).toMatchObject({
      values: expect.arrayContaining(["it's"]),
    });
  });

  it.each([
    ['a week', '"a week" is no age such as 7d or 36h.'],
    ['23h', 'nothing younger than 1d is measured again'],
  ])('of %s is refused', (age, why) => {
    expect(refreshRequest(age, null, PHASES)).toEqual({ wrong: expect.stringContaining(why) });
  });

  it('measures nothing where nobody measures', () => {
    expect(refreshRequest('7d', null, ['publishing', 'links'])).toEqual({
      wrong: expect.stringContaining('nobody measures'),
    });
  });
});
