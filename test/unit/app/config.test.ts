import { describe, expect, it } from 'vitest';
import { configOf } from '#app/config.ts';
import { modesOf } from '#app/providers.ts';

const messages = (env: Record<string, string>): readonly string[] => {
  const read = configOf(env);
  return read.ok ? [] : read.problems.map(({ message }) => message);
};

const modes = (env: Record<string, string>) => {
  const read = configOf(env);
  if (!read.ok) throw new Error(read.problems[0]?.message);
  return modesOf(read.config);
};

describe('the configuration', () => {
  it('has a default for everything that can have one', () => {
    expect(configOf({})).toMatchObject({ ok: true, config: { PORT: 8080, HOST: '127.0.0.1', CREDITS_SCRAPE: 'off' } });
  });

  it('names every problem at once, with the variable, the value and what is wanted', () => {
    expect(messages({ PORT: '99999', LOG_LEVEL: 'loud', SPOTIFY_API_URL: 'https://api.example.org/v1' })).toEqual([
      expect.stringMatching(/^PORT is "99999": /),
      expect.stringMatching(/^LOG_LEVEL is "loud": /),
      'SPOTIFY_API_URL is "https://api.example.org/v1": expected an origin without a path.',
    ]);
  });

  it('never shows the value of a secret', () => {
    const [message] = messages({ DATABASE_URL: 'postgres://u:hunter2@h/d', SPOTIFY_CLIENT_SECRET: 'hunter2' });
    expect(message).toBe(
      'SPOTIFY_CLIENT_ID is not set, but SPOTIFY_CLIENT_SECRET is: set both, or neither to turn the phase off.',
    );
  });

  it('reads how long facts count by kind, and keeps the defaults of the others', () => {
    const read = configOf({ FRESHNESS: 'streams=12h, mlc=30d,credits=forever' });
    expect(read).toMatchObject({
      ok: true,
      config: {
        FRESHNESS: {
          streams: 43_200_000,
          mlc: 2_592_000_000,
          credits: Number.POSITIVE_INFINITY,
          musicbrainz: 2_592_000_000,
        },
      },
    });
  });

  it('names a kind of facts that is none, and a duration that is none', () => {
    expect(messages({ FRESHNESS: 'plays=1d,mlc=soon' })).toEqual([
      expect.stringMatching(/^FRESHNESS is "plays=1d,mlc=soon": "plays" is no kind; say one of spotifyCore, /),
      'FRESHNESS is "plays=1d,mlc=soon": mlc is "soon"; say a duration such as 90d, 12h, 30m or forever.',
    ]);
  });

  it('takes an empty variable for an absent one', () => {
    expect(configOf({ PORT: '', MLC_USERNAME: ' ' })).toEqual(configOf({}));
  });
});

describe('the mode of a phase', () => {
  it('is off without credentials, and real with them, one provider at a time', () => {
    expect(modes({ MUSICBRAINZ_CONTACT: 'music@example.org', CREDITS_SCRAPE: 'on' })).toEqual({
      spotify: 'off',
      credits: 'real',
      publishing: 'off',
      links: 'real',
      analytics: 'off',
    });
  });

  it('is sandbox where the stand-in gave the credentials', () => {
    expect(modes({ CHARTMETRIC_REFRESH_TOKEN: 'sandbox', LINERNOTES_SANDBOX: 'analytics' })).toMatchObject({
      analytics: 'sandbox',
      spotify: 'off',
    });
  });
});
