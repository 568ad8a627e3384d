import { requestOf } from '#app/replay/ask-for.ts';
import { orderReplay, type ReplayOrderLine } from '#app/replay/command.ts';
import { withConnections } from '#app/with-connections.ts';
import { type Arguments, argumentsOf, filesOf } from './arguments.ts';
import { asked } from './asked.ts';
import { type Command, EXIT, type Io } from './command.ts';
import { forceOf, withForceValue } from './force.ts';

const usage = `linernotes replay plan  [source] [way] [--json]
  What it would cost: tracks, calls by provider, time, pages. Nothing is done.
linernotes replay start [source] [way] [--yes] [--by WHO] [--reason WHY] [--json]
  Shows the plan, asks, and starts. Workers feed it (run replays, run all, npm start); this command does not wait.
linernotes replay status [ID] [--json]
  How far it is, and its calls beside those planned; without an id all replays.
linernotes replay pause|resume|cancel ID [--by WHO] [--reason WHY] [--json]
  Nothing more is sent. What is in the lanes already comes through whole after a pause; after a cancel nobody is asked for it, and
  what is known of its tracks stays (as linernotes cancel ID).

Source, one of:
  ID|URL …, --ids FILE|-          tracks by id
  --playlist ID                   the playlist's current snapshot
  --run ID                        the tracks of a run, or of an earlier replay
  --where CONDITION               tracks of the read model: "isrc is null and popularity >= 50"; docs/conditions.md has all columns
  --topic NAME [--since M] [--until M] [--offsets 0:100-200,3:0-]   a closed range; M is a moment or an age such as 24h
Way:
  --phase NAME      into this phase's replay lane; else where the topic is read, the first forced phase, or the first
  --force [NAMES]   these phases (alone: the phase itself) run even where facts are fresh; ledger answers from before do not count
  --rate N          at most N tracks a second

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 done, 1 a service does not answer, 2 wrong usage or not agreed to, 3 there is no such replay, or not in that state.`;

const SOURCE = ['ids', 'playlist', 'run', 'where', 'topic', 'since', 'until', 'offsets', 'phase', 'force', 'rate'];
const WHO = ['by', 'reason'];
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  plan: SOURCE,
  start: [...SOURCE, ...WHO],
  pause: WHO,
  resume: WHO,
  cancel: WHO,
  status: [],
};

export const command: Command = {
  name: 'replay',
  summary: 'send tracks through the phases again, at a cost that is known before',
  usage,
  async run(args, io) {
    const [action = '', ...rest] = args;
    const flags = action === 'start' ? ['json', 'yes'] : ['json'];
    const given = argumentsOf(withForceValue(rest), flags, OPTIONS[action] ?? []);
    const order = 'wrong' in given ? given : await orderOf(action, given, io);
    if ('wrong' in order) {
      io.err(order.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const isYes = 'flags' in given && given.flags.has('yes');
    const isJson = 'flags' in given && given.flags.has('json');
    return runOrder(order, { isYes, isJson }, io);
  },
};

type Given = Exclude<Arguments, { readonly wrong: string }>;
type Read = ReplayOrderLine | { readonly wrong: string };

const MOVES = ['pause', 'resume', 'cancel'] as const;

async function orderOf(action: string, { words, options }: Given, io: Io): Promise<Read> {
  const { by, reason = null } = options;
  if (action !== 'plan' && action !== 'start') return afterwards(action, words, { by, reason });
  const request = await requestFor(words, options, io);
  if ('wrong' in request) return request;
  return action === 'plan' ? { kind: 'plan', request } : { kind: 'start', request, by, reason };
}

function afterwards(
  action: string,
  [id, ...more]: Given['words'],
  who: { readonly by: string | undefined; readonly reason: string | null },
): Read {
  if (more.length > 0) return { wrong: `unknown: ${more.join(' ')}` };
  if (action === 'status') return { kind: 'status', id: id ?? null };
  const move = MOVES.find((one) => one === action);
  if (move === undefined) return { wrong: `Say plan, start, status, pause, resume or cancel, not "${action}".` };
  return id === undefined ? { wrong: `Name the replay to ${move}.` } : { kind: move, id, ...who };
}

const requestFor = (words: Given['words'], options: Given['options'], io: Io) => {
  const { ids, force } = options;
  const [file] = ids === undefined ? [] : filesOf([ids], io.env);
  return requestOf({
    ids: words,
    options: { ...options, ...(file === undefined ? {} : { ids: file }) },
    force: force === undefined ? null : forceOf(force),
  });
};

const STARTS: ReadonlySet<string> = new Set(['start', 'refresh']);

/** Runs an order on its own connections and tells what came of it. */
export async function runOrder(
  order: ReplayOrderLine,
  { isYes, isJson }: { readonly isYes: boolean; readonly isJson: boolean },
  io: Io,
): Promise<number> {
  const agrees = isYes ? null : asked(io, 'Start it?');
  if (STARTS.has(order.kind) && !isYes && agrees === null) {
    io.err('Nobody can be asked here whether the replay may start: look at `replay plan`, and say --yes.');
    return EXIT.usage;
  }
  const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'replay', (connections, config) =>
    orderReplay(order, { agrees, signal: io.signal }, connections, config),
  );
  if ('problems' in done) {
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  }
  return tellAnswer(done.answer, isJson, io);
}

function tellAnswer(answer: Awaited<ReturnType<typeof orderReplay>>, isJson: boolean, io: Io): number {
  if (answer === null) {
    io.err('Nothing was started.');
    return EXIT.usage;
  }
  if ('wrong' in answer) {
    io.err(answer.wrong);
    return EXITS[answer.kind];
  }
  for (const line of isJson ? [JSON.stringify(answer.json)] : answer.lines(io.tty)) io.out(line);
  return EXIT.ok;
}

const EXITS = { request: EXIT.usage, missing: EXIT.drift, state: EXIT.drift, unknown: EXIT.failed } as const;
