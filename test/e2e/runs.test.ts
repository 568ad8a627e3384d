import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '#cli/command.ts';
import { command as ingest } from '#cli/ingest.ts';
import { command as replay } from '#cli/replay.ts';
import { command as status } from '#cli/status.ts';
import { command as track } from '#cli/track.ts';
import { command as withdraw } from '#cli/withdraw.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { runCommand } from '#test/support/io.ts';
import { type Pipeline, type PlaylistTrack, playlistFile, startPipeline } from '#test/support/pipeline.ts';
import { publishPlainly } from '#test/support/plain-producer.ts';
import type { Child } from '#test/support/processes.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';
import { PHASES } from '#track/phase.ts';

// Two runs, one of which is cancelled before anybody was asked for it, and all that is logged of both at `debug`; then one of the other
// run's tracks is withdrawn.

const EACH = 4;
const unused = [...solidTracks(2 * EACH)];
const take = (): readonly PlaylistTrack[] => unused.splice(0, EACH).map(({ id }) => ({ track: id }));
const [leftTracks, keptTracks] = [take(), take()];

let pipeline: Pipeline;
let verifier: Verifier;
let worker: Child;
let left = '';
let kept = '';

type Line = { readonly level: number; readonly msg: string; readonly [field: string]: unknown };

const linesOf = (child: Child): readonly Line[] =>
  child
    .err()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const ofKept = (msg: string): readonly Line[] =>
  linesOf(worker).filter((line) => line.msg === msg && line['run'] === kept);

async function ingested(name: string, tracks: readonly PlaylistTrack[]): Promise<string> {
  const [answer] = await pipeline.ingest(playlistFile(pipeline.folder, name, tracks));
  return answer?.runs[0]?.runId ?? '';
}

/** Waits until so many of these stand in the read model. */
const seen = (what: 'runs' | 'operations', count: number) =>
  within(
    async () => (await pipeline.pool.query(`select from ${what}`)).rowCount === count,
    60_000,
    () => `${count} ${what} in the read model:\n${pipeline.lastWords()}`,
  );

beforeAll(async () => {
  pipeline = await startPipeline();
  verifier = await verifierOf(pipeline);
  const projector = await pipeline.run('projector');
  left = await ingested('left', leftTracks);
  kept = await ingested('kept', keptTracks);
  await seen('runs', 2);
  const cancelled = await pipeline.command('cancel', left, '--reason', 'the wrong playlist', '--by', 'ada', '--json');
  expect([cancelled.exit, JSON.parse(cancelled.out)]).toMatchObject([0, { runId: left, cancelled: { by: 'ada' } }]);
  await seen('operations', 1);
  await projector.stop();
  pipeline.sandbox.setFault({ provider: 'mlc', endpoint: 'search-recordings', mode: 'status:500', count: 1 });
  worker = await pipeline.run('all', { LOG_LEVEL: 'debug', CREDITS_SCRAPE: 'on', RETRY_BASE_MS: '100' });
  await pipeline.finished([left, kept]);
});

afterAll(async () => {
  await verifier?.close();
  await pipeline?.close();
});

describe('a cancelled run', () => {
  test('is complete with every phase off, and nobody was asked for its tracks', async () => {
    const { judged } = await verifier.verdict();
    const events = judged.events.filter(({ runId, place }) => runId === left && place === PHASES.length);
    expect(events.length).toBe(EACH);
    for (const { event } of events)
      for (const phase of PHASES) expect(event.reports[phase]).toMatchObject({ status: 'off', code: 'CANCELLED' });
    const asked = Object.keys(pipeline.sandbox.idsAsked('spotify', 'tracks'));
    expect(asked.toSorted()).toEqual(keptTracks.map(({ track }) => track).toSorted());
  });

  test('leaves the other run alone', async () => {
    const { judged } = await verifier.verdict();
    const events = judged.events.filter(({ runId, place }) => runId === kept && place === PHASES.length);
    expect(events.map(({ event }) => PHASES.map((phase) => event.reports[phase]?.status))).toEqual(
      keptTracks.map(() => PHASES.map(() => 'enriched')),
    );
  });

  test('has no calls to its name; the other run has', async () => {
    const { rows } = await pipeline.pool.query(
      'select run_id as run, sum(calls)::int as calls from linernotes.run_calls group by 1',
    );
    expect(rows).toEqual([{ run: kept, calls: expect.any(Number) }]);
    expect(rows[0]?.calls).toBeGreaterThan(PHASES.length - 1);
  });
});

describe('the log at debug', () => {
  test('T3.1 track-level logs: what was asked for each track and what was answered, by run and track', () => {
    for (const { track } of keptTracks) {
      const asked = ofKept('track.asked').filter((line) => line['track'] === track);
      expect(new Set(asked.map((line) => line['phase']))).toEqual(new Set(PHASES));
      expect(asked.every(({ how, outcome, provider, key }) => Boolean(how && outcome && provider && key))).toBe(true);
    }
    const called = linesOf(worker).filter(({ msg }) => msg === 'provider.called');
    expect(called.length).toBeGreaterThan(0);
    expect(called.some(({ runs, status }) => Array.isArray(runs) && runs.includes(kept) && status === 200)).toBe(true);
  });

  test('T3.2 phase-level logs: one line a batch at info, and none a track', () => {
    const info = linesOf(worker).filter(({ level }) => level === 30);
    const batches = info.filter(({ msg }) => msg === 'batch.committed');
    expect(new Set(batches.map(({ stage }) => stage))).toEqual(new Set(PHASES));
    expect(info.filter(({ msg }) => msg.startsWith('track.') || msg.startsWith('record.'))).toEqual([]);
  });

  test('T3.3 retry and fail logs: which record, why, and for how long it waits', () => {
    const retries = linesOf(worker).filter(({ msg }) => msg === 'record.retry');
    expect(retries).toContainEqual(
      expect.objectContaining({ stage: 'publishing', run: kept, code: 'PROVIDER_ERROR', waitMs: expect.any(Number) }),
    );
    expect(linesOf(worker)).toContainEqual(expect.objectContaining({ level: 30, msg: 'batch.retry', records: 1 }));
  });

  test('T3.4 status transitions: how each phase had ended for a track, and how it ends now', () => {
    for (const { track } of keptTracks) {
      const ended = ofKept('track.ended').filter((line) => line['track'] === track);
      expect(ended.map(({ phase, before, status }) => [phase, before, status])).toEqual(
        PHASES.map((phase) => [phase, null, 'enriched']),
      );
    }
    const skipped = linesOf(worker).filter(({ msg, run }) => msg === 'track.ended' && run === left);
    expect(skipped.length).toBe(EACH * PHASES.length);
    expect(skipped.every(({ status, code }) => status === 'off' && code === 'CANCELLED')).toBe(true);
  });

  test('holds no credential and no token', () => {
    const { SPOTIFY_CLIENT_SECRET, MLC_PASSWORD, CHARTMETRIC_REFRESH_TOKEN } = sandboxCredentials;
    const secrets = [SPOTIFY_CLIENT_SECRET, MLC_PASSWORD, CHARTMETRIC_REFRESH_TOKEN, 'Bearer ', 'Basic '];
    const tokens = ['spotify', 'mlc', 'chartmetric'].map((provider) => `sandbox.${provider}.`);
    const { password } = new URL(pipeline.services.databaseUrl);
    const written = worker.err() + worker.out();
    expect([...secrets, ...tokens, `:${password}@`].filter((secret) => written.includes(secret))).toEqual([]);
  });
});

describe('a withdrawn track', () => {
  const gone = String(keptTracks[0]?.track);
  const rowsOf = async (table: string) =>
    (await pipeline.pool.query(`select from ${table} where track_id = $1`, [gone])).rowCount;
  /** In this process: starting another for each would take longer than all the rest. */
  const ask = (command: Command, ...args: readonly string[]) =>
    runCommand(command, args, pipeline.env as Readonly<Record<string, string>>);
  const asked = () => pipeline.sandbox.idsAsked('spotify', 'tracks')[gone];

  test('is not withdrawn before somebody has agreed', async () => {
    const refused = await ask(withdraw, gone, '--reason', 'the label asked');
    expect(refused).toMatchObject({ exit: 2, out: [] });
    expect(await rowsOf('tracks')).toBe(1);
  });

  test('is erased, row and answers, and whoever asks is told that it was withdrawn', async () => {
    const done = await ask(withdraw, gone, '--reason', 'the label asked', '--by', 'ada', '--yes', '--json');
    expect([done.exit, JSON.parse(String(done.out))]).toMatchObject([
      0,
      { trackId: gone, by: 'ada', reason: 'the label asked', erased: true },
    ]);
    expect([await rowsOf('tracks'), await rowsOf('playlist_tracks')]).toEqual([0, 0]);
    const answers = await pipeline.pool.query('select provider, kind from linernotes.ledger where key = $1', [gone]);
    expect(answers.rows).toEqual([]);
    const told = await ask(track, gone);
    expect([told.exit, String(told.out)]).toEqual([
      0,
      expect.stringMatching(/withdrawn by ada at .*: the label asked/),
    ]);
    expect(String((await ask(status)).out)).toContain('withdrawn: 1 tracks');
  });

  test('is rejected by ingest by its name, and no replay is planned for it', async () => {
    const known = String(keptTracks[1]?.track);
    const file = playlistFile(pipeline.folder, 'later', [{ track: gone }, { track: known }]);
    const answer = JSON.parse(String((await ask(ingest, file, '--json')).out));
    expect(answer.runs).toMatchObject([{ accepted: 1, rejected: [{ row: 1, value: gone, reason: 'WITHDRAWN' }] }]);
    await pipeline.finished([answer.runs[0].runId]);
    const planned = await ask(replay, 'plan', gone, '--json');
    expect(JSON.parse(String(planned.out))).toMatchObject({ tracks: 0, providers: [] });
  });

  test('that another producer sends goes on with every phase off and without facts; nobody is asked, and it makes no row', async () => {
    const before = asked();
    await publishPlainly(pipeline.services, 'stranger', [{ track: gone, isrc: 'ZZLNX2600001' }]);
    await pipeline.finished(['stranger']);
    expect(asked()).toBe(before);
    expect([await rowsOf('tracks'), await rowsOf('dead_letters')]).toEqual([0, 0]);
    const { judged } = await verifier.verdict();
    const sent = judged.events.filter(({ runId, place }) => runId === 'stranger' && place === PHASES.length);
    expect(sent.map(({ event }) => PHASES.map((phase) => event.reports[phase]?.code))).toEqual([
      PHASES.map(() => 'WITHDRAWN'),
    ]);
    expect(sent[0]?.event.raw.isrc).toBeNull();
    const { rows } = await pipeline.pool.query(
      `select accepted, complete, letters from runs where run_id = 'stranger'`,
    );
    expect(rows).toEqual([{ accepted: 1, complete: 1, letters: 0 }]);
  });
});
