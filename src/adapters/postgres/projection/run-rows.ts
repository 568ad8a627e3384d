import type { PoolClient } from 'pg';
import type { RunDelta } from '#projector/run-delta.ts';
import type { RunFacts } from '#projector/run-facts.ts';
import type { RunRow } from '#projector/run-row.ts';
import { PHASES } from '#track/phase.ts';
import { asProperties } from './columns.ts';

const ADD = `
  insert into runs as t (run_id, playlist_id, playlist_name, total, accepted, complete, dead_lettered, degraded, letters,
    first_at, last_at)
  select r."runId", r."playlistId", r."playlistName", r.total, r.accepted, r.complete, r."deadLettered", r.degraded, r.letters,
    r."firstAt", r."lastAt"
  from jsonb_to_recordset($1::jsonb) as r("runId" text, "playlistId" text, "playlistName" text, total bigint, accepted bigint,
    complete bigint, "deadLettered" bigint, degraded bigint, letters bigint, "firstAt" timestamptz, "lastAt" timestamptz)
  order by r."runId" collate "C"
  on conflict (run_id) do update set
    playlist_id = greatest(t.playlist_id collate "C", excluded.playlist_id collate "C"),
    playlist_name = greatest(t.playlist_name collate "C", excluded.playlist_name collate "C"),
    total = greatest(t.total, excluded.total),
    accepted = t.accepted + excluded.accepted,
    complete = t.complete + excluded.complete,
    dead_lettered = t.dead_lettered + excluded.dead_lettered,
    degraded = t.degraded + excluded.degraded,
    letters = t.letters + excluded.letters,
    first_at = least(t.first_at, excluded.first_at),
    last_at = greatest(t.last_at, excluded.last_at)`;

const ADD_PHASES = `
  insert into run_phases as t (run_id, phase, status, tracks)
  select r."runId", r.phase, r.status, r.tracks
  from jsonb_to_recordset($1::jsonb) as r("runId" text, phase text, status text, tracks bigint)
  order by r."runId" collate "C", r.phase, r.status
  on conflict (run_id, phase, status) do update set tracks = t.tracks + excluded.tracks`;

const RUN = [
  'runId',
  'playlistId',
  'playlistName',
  'total',
  'accepted',
  'complete',
  'inFlight',
  'deadLettered',
  'degraded',
  'letters',
  'finished',
  'firstAt',
  'lastAt',
];

/** A run with the counts of its phases; both the projector and the API read runs by this. */
export const SELECT_RUNS = `
  select ${asProperties(RUN, 't')}, (
    select coalesce(jsonb_object_agg(phase, counts), '{}') from (
      select phase, jsonb_object_agg(status, tracks) filter (where tracks <> 0) as counts
      from run_phases p where p.run_id = t.run_id group by phase) byphase) as phases
  from runs t`;

export type SelectedRun = Omit<RunRow, 'phases'> & {
  readonly phases: Readonly<Record<string, Record<string, number>>>;
};

/** Every phase is there, with or without counts. */
export const runRow = (run: SelectedRun): RunRow => ({
  ...run,
  phases: Object.fromEntries(PHASES.map((phase) => [phase, run.phases[phase] ?? {}])) as RunRow['phases'],
});

type Step = { readonly facts: RunFacts; readonly delta: RunDelta };

/** Adds to the counters of the runs and gives them as they stand after it. */
export async function addToRuns(client: PoolClient, steps: readonly Step[]): Promise<readonly RunRow[]> {
  if (steps.length === 0) return [];
  await client.query({ name: 'add-runs', text: ADD, values: [JSON.stringify(steps.map(runStep))] });
  const phases = steps.flatMap(phaseSteps);
  if (phases.length > 0) await client.query({ name: 'add-phases', text: ADD_PHASES, values: [JSON.stringify(phases)] });
  const query = {
    name: 'read-runs',
    text: `${SELECT_RUNS} where t.run_id = any($1::text[]) order by t.run_id`,
    values: [steps.map(({ facts }) => facts.runId)],
  };
  return (await client.query<SelectedRun>(query)).rows.map(runRow);
}

function runStep({ facts, delta: { phases: _, ...counts } }: Step) {
  return { ...facts, ...counts, firstAt: iso(facts.firstAt), lastAt: iso(facts.lastAt) };
}

const iso = (at: number): string => new Date(at).toISOString();

const phaseSteps = ({ facts, delta }: Step) =>
  [...delta.phases].flatMap(([key, tracks]) => {
    const [phase, status] = key.split('/');
    return tracks === 0 ? [] : [{ runId: facts.runId, phase, status, tracks }];
  });
