import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLed, leader } from '#adapters/postgres/leader.ts';
import { knownTracks } from '#adapters/postgres/replay/known-tracks.ts';
import { COLUMNS, type ColumnKind, OPERATORS } from '#replay/columns.ts';
import type { StoredSelection } from '#replay/selection.ts';
import { aLog, aReadModel, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';

const DAY = 86_400_000;
let model: Awaited<ReturnType<typeof aReadModel>>;

const playlist = (id: string, snapshotId: string) => ({
  id,
  name: id,
  snapshotId,
  positions: [1],
  url: null,
  curator: null,
  isEditorial: null,
});

const EARLY = { runId: 'run-a', playlist: playlist('p', 's1'), observedAt: AT - DAY };
const LATE = { runId: 'run-b', playlist: playlist('p', 's2'), observedAt: AT };

/** Ten tracks: three in an earlier run and snapshot, five with an ISRC, artists in turn. */
const rawNumbered = (n: number) =>
  aRawTrack({
    ...(n < 3 ? EARLY : LATE),
    track: trackId(n),
    name: `Track ${n}`,
    artists: [n % 2 === 0 ? 'Even' : 'Odd'],
    isrc: n < 5 ? `QZABC250000${n}` : null,
    popularity: n * 10,
  });

beforeAll(async () => {
  model = await aReadModel();
  const log = aLog();
  for (let n = 0; n < 10; n += 1) log.append('tracks.raw', rawNumbered(n), { at: AT + n });
  log.append('tracks.complete', aTrackEvent({ trackId: trackId(7) }, rawNumbered(7)), { at: AT + 7 });
  await serveAll(log, model.ports);
});
afterAll(() => model?.close());

const LATER = AT + DAY;
const CLOSED: StoredSelection = { kind: 'where', where: 'isrc is null' };

async function chosen(selection: StoredSelection, startedAt = LATER): Promise<readonly number[]> {
  const states = await knownTracks(model.pool).selected(selection, startedAt, { after: null, limit: 100 });
  return states.map((state) => Number(state.trackId.slice(-7)));
}

describe('tracks for a replay', () => {
  it('are never withdrawn ones, also before the projector has come to the withdrawal', async () => {
    await model.pool.query(`insert into linernotes.withdrawn (track_id, by, at) values ($1, 'ada', now())`, [
      trackId(1),
    ]);
    const known = knownTracks(model.pool);
    expect(await chosen({ kind: 'tracks', ids: [trackId(3), trackId(1)] })).toEqual([3]);
    expect(await chosen({ kind: 'run', runId: 'run-a' })).toEqual([0, 2]);
    expect([...(await known.states([trackId(1), trackId(2)])).keys()]).toEqual([trackId(2)]);
    expect(await known.withdrawn([trackId(1), trackId(2)])).toEqual(new Set([trackId(1)]));
    await model.pool.query('delete from linernotes.withdrawn');
  });

  it.each<[string, StoredSelection, readonly number[]]>([
    ['by id', { kind: 'tracks', ids: [trackId(3), trackId(1), trackId(99)] }, [1, 3]],
    ['by run', { kind: 'run', runId: 'run-a' }, [0, 1, 2]],
    ['by the snapshot of a playlist', { kind: 'playlist', playlistId: 'p', snapshotId: 's2' }, [3, 4, 5, 6, 7, 8, 9]],
    [
      'by a condition',
      { kind: 'where', where: "isrc is null and popularity >= 70 and artists contains 'Odd'" },
      [7, 9],
    ],
    ['by what it is not', { kind: 'where', where: "not (isrc = 'QZABC2500001' or popularity > 20)" }, [0, 2]],
    ['by where they stand', { kind: 'where', where: "status = 'complete'" }, [7]],
    [
      'by playlist, in the current snapshot alone',
      { kind: 'where', where: "playlists contains 'p' and name like 'Track %'" },
      [3, 4, 5, 6, 7, 8, 9],
    ],
  ])('are taken %s', async (_, selection, numbers) => {
    expect(await chosen(selection)).toEqual(numbers);
  });

  it('come in the order of their ids, a few at a time, each once', async () => {
    const known = knownTracks(model.pool);
    const ids: string[] = [];
    for (let after: string | null = null; ; after = ids.at(-1) ?? null) {
      const states = await known.selected({ kind: 'where', where: 'name is not null' }, LATER, { after, limit: 3 });
      if (states.length === 0) break;
      ids.push(...states.map((state) => state.trackId));
    }
    expect(ids).toEqual(Array.from({ length: 10 }, (_, n) => trackId(n)));
  });

  it('are closed at the start: what was first seen later is not meant', async () => {
    expect(await chosen(CLOSED, AT + 7)).toEqual([5, 6, 7]);
    expect(await chosen({ kind: 'tracks', ids: [trackId(9)] }, AT)).toEqual([9]);
  });

  it('are told as they are known', async () => {
    const states = await knownTracks(model.pool).states([trackId(7), trackId(99)]);
    expect([...states.keys()]).toEqual([trackId(7)]);
    expect(states.get(trackId(7))).toMatchObject({
      raw: { name: { value: 'Track 7', at: AT } },
      appearances: [{ runId: 'run-b' }],
    });
  });
});

const VALUES: Readonly<Record<ColumnKind, string>> = {
  text: "'x'",
  number: '5',
  flag: 'true',
  list: "'x'",
  moment: "'2026-01-31T00:00Z'",
};

const valueFor = (kind: ColumnKind, operator: string): string => {
  if (operator === 'in') return `(${VALUES[kind]}, ${VALUES[kind]})`;
  return operator.endsWith('than') ? '7d' : VALUES[kind];
};

describe('every column and operator of a condition', () => {
  it.each([...COLUMNS].map(([name, { kind }]) => [name, kind] as const))(
    '%s (%s) is understood by the database',
    async (name, kind) => {
      const conditions = [
        ...OPERATORS[kind].map((operator) => `${name} ${operator} ${valueFor(kind, operator)}`),
        `${name} is null`,
        `not ${name} is not null`,
      ];
      for (const where of conditions) await expect(chosen({ kind: 'where', where })).resolves.toBeInstanceOf(Array);
    },
  );
});

describe('leading', () => {
  it('is for one at a time, and for another when that one is gone', async () => {
    const [one, other] = [leader(model.pool, 4711), leader(model.pool, 4711)];
    expect(await isLed(model.pool, 4711)).toBe(false);
    expect(await one.mine()).toBe(true);
    expect(await other.mine()).toBe(false);
    expect(await one.mine()).toBe(true);
    expect(await isLed(model.pool, 4711)).toBe(true);
    await one.close();
    await expect.poll(() => other.mine()).toBe(true);
    await other.close();
  });
});
