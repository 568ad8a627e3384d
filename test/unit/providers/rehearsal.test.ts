import { describe, expect, it } from 'vitest';
import { chartmetricClient } from '#providers/chartmetric/client.ts';
import type { LedgerEntry } from '#providers/ports.ts';
import { rehearsal } from '#providers/rehearsal.ts';
import { spotifyClient } from '#providers/spotify/client.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import { aProviderWorld } from '#test/support/provider-world.ts';
import { AT } from '#test/support/tracks.ts';

const DAY = 86_400_000;

const neverAsked = () =>
  aProviderWorld('chartmetric', () => {
    throw new Error('somebody was asked');
  });

const asking = (notBefore: number | null = null) => ({
  signal: new AbortController().signal,
  lane: 'replay' as const,
  now: AT,
  notBefore,
});

const entry = (kind: string, key: string, body: unknown, fetchedAt: number): LedgerEntry => ({
  provider: 'chartmetric',
  kind,
  key,
  outcome: 'found',
  body,
  fetchedAt,
  profile: 'plan',
});

function aChartmetric() {
  const { ports } = neverAsked();
  const counting = rehearsal();
  const client = chartmetricClient(
    { apiUrl: 'http://127.0.0.1', refreshToken: 'x' },
    { ...ports, rehearsal: counting },
  );
  return { client, counting, ledger: ports.ledger };
}

describe('a rehearsal', () => {
  it('asks nobody, takes what the ledger has for free and counts each other key once', async () => {
    const { client, counting, ledger } = aChartmetric();
    await ledger.store([entry('track', '7', { id: 7 }, AT - DAY / 2)]);
    await Promise.all([client.track(7, asking()), client.track(8, asking()), client.track(8, asking())]);
    expect(counting.told()).toEqual([{ provider: 'chartmetric', kind: 'track', keys: 1, known: 1, calls: 1 }]);
  });

  it('does not count what was fetched before the moment of a forced replay, and goes on with what it said', async () => {
    const { client, counting, ledger } = aChartmetric();
    await ledger.store([entry('id-by-isrc', 'QZ', [{ chartmetric_ids: [7] }], AT - DAY)]);
    expect(await client.idByIsrc('QZ', asking(AT - 1))).toEqual({ kind: 'found', facts: 7, fetchedAt: AT });
    expect(counting.told()).toMatchObject([{ kind: 'id-by-isrc', keys: 1, known: 0 }]);
  });

  it('counts what follows from an answer that nobody has yet', async () => {
    const { client, counting } = aChartmetric();
    // Two tracks of one recording are asked for once, and so is what follows.
    for (const isrc of ['QZ1', 'QZ2', 'QZ2']) {
      const id = await client.idByIsrc(isrc, asking());
      if (id.kind === 'found') await client.track(id.facts, asking());
    }
    expect(counting.told()).toMatchObject([
      { kind: 'id-by-isrc', calls: 2 },
      { kind: 'track', calls: 2 },
    ]);
  });

  it('counts calls by the provider’s maximum, and a visit that brings two answers once', async () => {
    const { ports } = neverAsked();
    const counting = rehearsal();
    const counted = { ...ports, rehearsal: counting };
    const spotify = spotifyClient(
      {
        apiUrl: 'http://127.0.0.1',
        accountsUrl: 'http://127.0.0.1',
        clientId: 'x',
        clientSecret: 'x',
        lingerMs: { live: 0, replay: 0 },
      },
      counted,
    );
    const reader = async () => {
      throw new Error('a page was read');
    };
    const pages = webPlayerClient({ webUrl: 'http://127.0.0.1' }, { ...counted, reader });
    const ids = Array.from({ length: 120 }, (_, n) => String(n).padStart(22, '0'));
    await Promise.all(ids.map((id) => spotify.tracks(id, asking())));
    await Promise.all(ids.map((id) => pages.credits(id, asking())));
    await Promise.all(ids.map((id) => pages.streams(id, asking())));
    expect(counting.told()).toEqual([
      { provider: 'spotify', kind: 'track', keys: 120, known: 0, calls: 3 },
      { provider: 'web-player', kind: 'credits', keys: 120, known: 0, calls: 120 },
    ]);
  });
});
