import { MOST_RECORDS } from '#app/inspection.ts';
import { pastQuestion, trackQuestion, withdrawnQuestion } from '#app/timeline/question.ts';
import { withConnections } from '#app/with-connections.ts';
import { trackIdOf } from '#track/identity.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes track ID|URL [--at MOMENT] [--json] [--most N]
  Everything that happened to one track, in order, with topic/partition@offset: events, reports, dead letters, runs. The last line
  says why the track is where it is. Of a withdrawn track it tells that it is, and nothing else.
  --at M    the track as it was then (2026-01-31T12:00Z): what its events up to that moment say together
  --most N  look at no more than N records (${MOST_RECORDS.toLocaleString('en')} unless told)

Reads the track's partition of every topic from its first record on, so it costs a pass over what was written there since, by all
tracks. Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 told, 1 a service does not answer, 2 wrong usage, 3 nobody has ever sent this track.`;

const MISSING = 'Nobody has ever sent this track: neither the log nor the read model has it.';

const MISSING_THEN = 'Nothing of this track stood in the log by then.';

type Wanted = {
  readonly trackId: string;
  readonly most: number;
  /** Milliseconds since the epoch; `null`: its timeline is wanted. */
  readonly at: number | null;
  readonly json: boolean;
};

export const command: Command = {
  name: 'track',
  summary: 'tell what happened to one track, and why it is where it is',
  usage,
  async run(args, io) {
    const wanted = wantedOf(args);
    if ('wrong' in wanted) {
      io.err(wanted.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const { trackId, most, at, json } = wanted;
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'track', async (connections) => {
      const withdrawn = await withdrawnQuestion(trackId, connections);
      if (withdrawn !== null || at === null) return withdrawn ?? trackQuestion(trackId, most, connections);
      return pastQuestion(trackId, { at, most }, connections);
    });
    if ('problems' in done) for (const { message } of done.problems) io.err(message);
    else if (done.answer !== null && 'wrong' in done.answer) io.err(done.answer.wrong);
    else return tell(done.answer, { json, missing: at === null ? MISSING : MISSING_THEN }, io);
    return EXIT.usage;
  },
};

function wantedOf(args: readonly string[]): Wanted | { readonly wrong: string } {
  const given = argumentsOf(args, ['json'], ['most', 'at']);
  if ('wrong' in given) return given;
  const [word, ...more] = given.words;
  if (word === undefined || more.length > 0) return { wrong: 'Name one track: its Spotify id, URI or link.' };
  const trackId = trackIdOf(word);
  const most = Number(given.options['most'] ?? MOST_RECORDS);
  if (trackId === null) return { wrong: `"${word}" names no Spotify track.` };
  if (!Number.isInteger(most) || most < 1) return { wrong: '--most takes a whole number above 0.' };
  const { at } = given.options;
  if (at !== undefined && Number.isNaN(Date.parse(at)))
    return { wrong: `--at ${at} is no moment such as 2026-01-31T12:00Z.` };
  return { trackId, most, at: at === undefined ? null : Date.parse(at), json: given.flags.has('json') };
}
