import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { Command } from '#cli/command.ts';
import { command as refresh } from '#cli/refresh.ts';
import { command as replay } from '#cli/replay.ts';
import type { ReplayPlan } from '#replay/plan.ts';
import type { ReplayStatus } from '#replay/status.ts';
import { runCommand } from '#test/support/io.ts';
import { type Pipeline, playlistFile, startPipeline } from '#test/support/pipeline.ts';
import type { Child } from '#test/support/processes.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { type TopicLog, topicLog } from '#test/support/topic-log.ts';
import { within } from '#test/support/within.ts';

// Replays on a whole pipeline: what they cost is known before, and holds, whatever is killed.

const TRACKS = 60;
const WEEK_AGO = Date.now() - 8 * 86_400_000;
let pipeline: Pipeline;
let worker: Child;
let log: TopicLog;
let runId = '';

const ask = (command: Command, ...args: readonly string[]) =>
  runCommand(command, args, pipeline.env as Readonly<Record<string, string>>);

async function answerOf<Answer>(...args: readonly string[]): Promise<Answer> {
  const { exit, out, err } = await ask(replay, ...args, '--json');
  expect(err).toEqual([]);
  expect(exit).toBe(0);
  return JSON.parse(out.join('\n'));
}

const statusOf = (id: string) => answerOf<ReplayStatus>('status', id);

/** Waits until a replay is in a state, or fulfils a condition. */
async function until(id: string, holds: (status: ReplayStatus) => boolean): Promise<ReplayStatus> {
  let status = await statusOf(id);
  await within(
    async () => {
      status = await statusOf(id);
      return holds(status);
    },
    60_000,
    () => `replay ${id}; it is ${JSON.stringify(status)}\n${pipeline.lastWords()}`,
  );
  return status;
}

const ended = (id: string) => until(id, ({ state }) => state === 'ended');

const callsOf = (plan: ReplayPlan, provider: string): number =>
  plan.providers.find((one) => one.provider === provider)?.calls ?? 0;

/** Calls of the sandbox that are not for tokens. */
const callsMade = (provider: 'chartmetric' | 'spotify' | 'mlc' | 'musicbrainz'): number =>
  Object.entries(pipeline.sandbox.calls().providers[provider]?.endpoints ?? {})
    .filter(([endpoint]) => !endpoint.includes('token'))
    .reduce((sum, [, { calls }]) => sum + calls, 0);

/** The oldest statistics of all tracks. */
const STATISTICS = `
  select (sections #>> '{analytics,statistics,fetchedAt}')::bigint as at, reports #>> '{analytics,status}' as status
  from tracks order by 1 limit 1`;

/** What is known of all tracks. */
const STANDING = 'select track_id, status, analytics_status, sections, reports from tracks order by 1';

const runOf = (replayId: string) => postgresReads(pipeline.pool).run(replayId);

/** The run of a replay is finished like any other, with so many tracks. */
const finishedWith = (replayId: string, total: number) =>
  expect.poll(() => runOf(replayId), { timeout: 20_000 }).toMatchObject({ finished: true, total, complete: total });

async function eventsOf(replayId: string) {
  await log.readToEnds();
  return log.records('tracks.complete').filter(({ headers }) => headers['replay-id'] === replayId);
}

beforeAll(async () => {
  pipeline = await startPipeline({ env: { CREDITS_SCRAPE: 'off', REPLAY_WINDOW: '20' } });
  worker = await pipeline.run('all');
  const file = playlistFile(
    pipeline.folder,
    'known',
    solidTracks(TRACKS).map(({ id }) => ({ track: id })),
  );
  const [ingested] = await pipeline.ingest(file);
  runId = ingested?.runs[0]?.runId ?? '';
  await pipeline.finished([runId]);
  log = await topicLog(pipeline.services.kafkaBrokers, ['tracks.complete']);
});
afterAll(async () => {
  await log?.close();
  await pipeline?.close();
});

describe('a replay', () => {
  it('costs nothing where the facts are as fresh as is configured, and says so before', async () => {
    const aged = { ...pipeline.env, FRESHNESS: 'chartmetricStatistics=0m' } as Readonly<Record<string, string>>;
    const { out } = await runCommand(replay, ['plan', '--run', runId, '--json'], aged);
    expect(callsOf(JSON.parse(out.join('')), 'chartmetric')).toBe(TRACKS);

    pipeline.sandbox.resetCalls();
    const plan = await answerOf<ReplayPlan>('plan', '--run', runId);
    expect(plan).toMatchObject({ tracks: TRACKS, phase: 'spotify', pages: 0, seconds: { alone: 0 } });
    const { replayId } = await answerOf<ReplayStatus>('start', '--run', runId, '--yes');
    expect(await ended(replayId)).toMatchObject({ sent: TRACKS, complete: TRACKS, deadLettered: 0, calls: {} });
    expect(callsMade('chartmetric') + callsMade('spotify') + callsMade('mlc') + callsMade('musicbrainz')).toBe(0);
  });

  it('makes the calls that were planned and sends each track once, though its workers are killed', async () => {
    const plan = await answerOf<ReplayPlan>('plan', '--run', runId, '--force', 'analytics');
    expect(plan).toMatchObject({ tracks: TRACKS, phase: 'analytics', force: ['analytics'] });
    expect(callsOf(plan, 'chartmetric')).toBe(2 * TRACKS);
    pipeline.sandbox.resetCalls();

    const { replayId } = await answerOf<ReplayStatus>(
      'start',
      '--run',
      runId,
      '--force',
      'analytics',
      '--yes',
      '--by',
      'the test',
    );
    await until(replayId, ({ sent }) => sent > 0);
    await worker.kill();
    worker = await pipeline.run('all');
    await ended(replayId);
    // A killed worker forgets the calls of its last second, a live one tells them after a second.
    const status = await until(replayId, ({ calls }) => (calls['chartmetric'] ?? 0) > TRACKS);

    expect(status).toMatchObject({ startedBy: 'the test', sent: TRACKS, complete: TRACKS });
    const events = await eventsOf(replayId);
    expect(events).toHaveLength(TRACKS);
    expect(new Set(events.map(({ key }) => String(key))).size).toBe(TRACKS);
    // A kill costs at most the calls that were under way, of which there is one a key.
    expect(callsMade('chartmetric')).toBeGreaterThanOrEqual(2 * TRACKS);
    expect(callsMade('chartmetric')).toBeLessThanOrEqual(2 * TRACKS + 20);
    const { rows } = await pipeline.pool.query(STATISTICS);
    expect(rows[0]).toMatchObject({ status: 'enriched' });
    expect(rows[0].at).toBeGreaterThanOrEqual(Date.parse(status.startedAt));
  });

  it('can be paused, resumed and cancelled, and leaves nothing half', async () => {
    const { replayId } = await answerOf<ReplayStatus>('start', '--run', runId, '--rate', '4', '--yes');
    await until(replayId, ({ sent }) => sent >= 4);
    await answerOf('pause', replayId, '--reason', 'a look');
    const paused = await until(replayId, ({ sent, complete }) => sent === complete);
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused.sent).toBeLessThan(TRACKS);

    await answerOf('resume', replayId);
    await until(replayId, ({ sent }) => sent > paused.sent);
    await answerOf('cancel', replayId);
    const cancelled = await until(replayId, ({ sent, complete }) => sent === complete);
    expect(cancelled.state).toBe('cancelled');
    await finishedWith(replayId, cancelled.sent);
    expect((await statusOf(replayId)).state).toBe('cancelled');
    expect(await eventsOf(replayId)).toHaveLength(cancelled.sent);
    expect(await ask(replay, 'resume', replayId)).toMatchObject({
      exit: 3,
      err: [`Replay ${replayId} is cancelled: it cannot resume any more.`],
    });
  });

  it.each(['replay cancel', 'cancel'])(
    'asks nobody any more once `%s` has cancelled it, and nothing that is known of its tracks is lost',
    async (words) => {
      pipeline.sandbox.resetCalls();
      pipeline.sandbox.setFault({ provider: 'chartmetric', endpoint: 'get-ids', mode: 'slow', ms: 15_000 });
      const known = await pipeline.pool.query(STANDING);
      const { replayId } = await answerOf<ReplayStatus>('start', '--run', runId, '--force', 'analytics', '--yes');
      await until(replayId, ({ sent }) => sent > 0);
      const cancelled = await pipeline.command(
        ...words.split(' '),
        replayId,
        '--reason',
        'too dear',
        '--by',
        'the test',
      );
      expect(cancelled).toMatchObject({ exit: 0, err: '' });
      const status = await until(replayId, ({ state, sent, complete }) => state === 'cancelled' && sent === complete);
      pipeline.sandbox.clearFaults();

      expect(status.sent).toBeLessThan(TRACKS);
      await finishedWith(replayId, status.sent);
      expect(await runOf(replayId)).toMatchObject({
        cancelled: { by: 'the test', reason: 'too dear' },
        phases: { analytics: { off: status.sent } },
      });
      expect(pipeline.sandbox.idsAsked('chartmetric', 'track')).toEqual({});
      expect((await pipeline.pool.query(STANDING)).rows).toEqual(known.rows);
    },
  );

  it('takes tracks by a condition, by id, and a closed range of a topic', async () => {
    const [one, two] = solidTracks(2);
    const byCondition = await answerOf<ReplayPlan>('plan', '--where', `track_id = '${one?.id}' and isrc is not null`);
    expect(byCondition.tracks).toBe(1);
    const byId = await answerOf<ReplayPlan>('plan', one?.id ?? '', `https://open.spotify.com/track/${two?.id}`);
    expect(byId.tracks).toBe(2);

    expect((await answerOf<ReplayPlan>('plan', '--playlist', 'known')).tracks).toBe(TRACKS);

    const { replayId } = await answerOf<ReplayStatus>('start', '--topic', 'tracks.linked', '--since', '1h', '--yes');
    expect(await ended(replayId)).toMatchObject({ phase: 'analytics', plan: { tracks: TRACKS }, sent: TRACKS });
    expect(await eventsOf(replayId)).toHaveLength(TRACKS);
  });

  it('is a run that finishes, though a range holds its tracks several times', async () => {
    const { replayId } = await answerOf<ReplayStatus>(
      'start',
      '--topic',
      'tracks.analytics.replay',
      '--since',
      '1h',
      '--yes',
    );
    const { sent } = await ended(replayId);
    expect(sent).toBeGreaterThan(TRACKS);
    await finishedWith(replayId, TRACKS);
  });

  it('can be replayed itself', async () => {
    const list = await answerOf<{ items: readonly ReplayStatus[] }>('status');
    const earlier = list.items.find(({ state, phase }) => state === 'ended' && phase === 'analytics');
    const { replayId } = await answerOf<ReplayStatus>(
      'start',
      '--run',
      earlier?.replayId ?? '',
      '--phase',
      'links',
      '--yes',
    );
    expect(await ended(replayId)).toMatchObject({ sent: TRACKS, complete: TRACKS });
  });

  it('is asked for in words that say what is wrong', async () => {
    const refused = async (...args: readonly string[]) => {
      const { exit, err } = await ask(replay, ...args);
      return { exit, why: err[0] };
    };
    expect(await refused('start', '--run', runId)).toEqual({
      exit: 2,
      why: 'Nobody can be asked here whether the replay may start: look at `replay plan`, and say --yes.',
    });
    expect(await refused('plan', '--where', 'isrcs is null')).toMatchObject({
      exit: 2,
      why: expect.stringContaining('There is no column "isrcs"'),
    });
    expect(await refused('plan', '--run', 'no-run')).toEqual({ exit: 2, why: 'No event of run "no-run" was seen.' });
    expect(await refused('start', '--where', "name = 'nobody'", '--yes')).toMatchObject({
      exit: 2,
      why: expect.stringContaining('no track fits'),
    });
    expect(await refused('pause', 'no-replay')).toEqual({ exit: 3, why: 'There is no replay "no-replay".' });
    expect(await refused('plan')).toMatchObject({ exit: 2, why: expect.stringContaining('A replay has one source') });
  });
});

describe('/v1/replays', () => {
  const http = async (path: string, body?: object) => {
    const url = /"url":"([^"]+)","msg":"feed.listening"/.exec(worker.err())?.[1] ?? '';
    const response = await fetch(new URL(path, url), {
      ...(body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer: { replayId: string; items: { replayId: string }[] } = JSON.parse(await response.text());
    return { status: response.status, body: answer };
  };

  it('plans, starts, tells and moves replays', async () => {
    const wanted = { run: runId, phase: 'analytics' };
    expect(await http('/v1/replays/plan', wanted)).toMatchObject({ status: 200, body: { tracks: TRACKS, pages: 0 } });
    const { status, body } = await http('/v1/replays', { ...wanted, rate: 2, by: 'the test', reason: 'over HTTP' });
    expect(status).toBe(201);
    expect(await http(`/v1/replays/${body.replayId}/pause`, { by: 'the test' })).toMatchObject({
      status: 200,
      body: { state: 'paused' },
    });
    expect(await http(`/v1/replays/${body.replayId}/pause`, { by: 'the test' })).toMatchObject({ status: 409 });
    expect(await http(`/v1/replays/${body.replayId}/cancel`, { by: 'the test' })).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(await http(`/v1/replays/${body.replayId}`)).toMatchObject({ status: 200, body: { reason: 'over HTTP' } });
    expect((await http('/v1/replays')).body.items[0]?.replayId).toBe(body.replayId);
  });

  it('says what is wrong with a request', async () => {
    expect(await http('/v1/replays/plan', { where: 'isrc =' })).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_REQUEST' } },
    });
    expect(await http('/v1/replays', { run: runId })).toMatchObject({ status: 400 });
    expect(await http('/v1/replays/none')).toMatchObject({ status: 404 });
    expect(await http('/v1/replays/none/pause', { by: 'the test' })).toMatchObject({ status: 404 });
  });
});

describe('linernotes refresh', () => {
  it('measures nothing again that is young, and says so', async () => {
    const young = await ask(refresh, '--yes');
    expect(young).toMatchObject({ exit: 2, err: ['There is nothing to replay: no track fits.'] });
    const tooYoung = await ask(refresh, '--older-than', '1h', '--yes');
    expect(tooYoung).toMatchObject({ exit: 2, err: [expect.stringContaining('count as fresh for a day')] });
  });

  it('measures again what is older, and keeps what it was for the growth', async () => {
    const [one] = solidTracks(1);
    const { rows } = await pipeline.pool.query("select name from linernotes.read_models where state = 'live'");
    const aged = `jsonb_set(jsonb_set(state, '{track,sections,analytics,statistics,fetchedAt}', to_jsonb($2::bigint)),
      '{track,sections,analytics,statistics,value,streams}', '7')`;
    await pipeline.pool.query(`update ${rows[0].name}.tracks set state = ${aged} where track_id = $1`, [
      one?.id,
      WEEK_AGO,
    ]);
    const { exit, out } = await ask(refresh, '--yes', '--json');
    expect(exit).toBe(0);
    const { replayId, plan, reason } = JSON.parse(out.join(''));
    expect([plan.tracks, reason]).toEqual([1, 'refresh']);
    await ended(replayId);
    const after = await pipeline.pool.query(
      `select sections #>> '{analytics,baseline,value,streams}' as earlier,
        (sections #>> '{analytics,statistics,value,streams}')::bigint as streams from tracks where track_id = $1`,
      [one?.id],
    );
    expect(after.rows[0].earlier).toBe('7');
    expect(after.rows[0].streams).toBeGreaterThan(7);
  });
});
