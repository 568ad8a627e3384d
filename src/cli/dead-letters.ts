import { type LetterOrder, redriveOrder, resolveOrder } from '#app/letters/orders.ts';
import { groupLetters, type LetterQuestion, listLetters, sampleLetters, showLetter } from '#app/letters/questions.ts';
import { withConnections } from '#app/with-connections.ts';
import { type Arguments, argumentsOf, filesOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes dead-letters list   [selection] [--limit N] [--cursor C] [--json]
  The letters, the last failed first.
linernotes dead-letters groups [selection] [--limit N] [--json]
  How many letters each cause has, the largest first, with a sample.
linernotes dead-letters sample [selection] [--limit N] [--json]
  A few letters of each cause with their values, five unless told.
linernotes dead-letters show ID [--json]
  One letter: why, where from, who did what to it, headers, its value decoded, or in hexadecimal when it cannot be, and what
  happened to its track around it.
linernotes dead-letters redrive selection|--all [--dry-run] [--rate N/s] [--max N] [--map FILE.ts] [--reason TEXT] [--json]
  Sends open letters to their group again, by its replay lane, each exactly once. Killed or stopped, the same command goes on.
  --dry-run         how many, a few of them, what providers would be asked; nothing is sent
  --rate N/s        letters a second, 100 unless told
  --map FILE.ts     exports map(value, letter) => value; what does not fit today's schema is listed and not sent
  --max-redrives N  leaves letters alone that were redriven so often, 5 unless told
  --id ID           names the redrive: under one name it is done once
linernotes dead-letters resolve selection|--all --reason TEXT [--json]
  Closes open letters by hand.

Selection: --phase NAME --class CLASS --code CODE --fingerprint CAUSE --run ID --track ID|URL --letter ID --release VERSION
  --since, --until 24h|2026-01-31T00:00:00Z
  --state open|redriven|resolved|superseded|withdrawn|all   list, groups, sample: open unless told. redriven: sent again, and not
                  failed since; resolved: closed by hand; superseded: the phase has answered for the track since; withdrawn: the track was
--by NAME         who does it, for \`linernotes operations\`; the user of this machine unless told

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 done, 1 a service does not answer, 2 wrong usage, 3 there is no such letter, or not all could be done.`;

const SELECTION = ['phase', 'class', 'code', 'fingerprint', 'run', 'track', 'letter', 'release', 'since', 'until'];
const FILTERS = [...SELECTION, 'state'];
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: [...FILTERS, 'limit', 'cursor'],
  groups: [...FILTERS, 'limit'],
  sample: [...FILTERS, 'limit'],
  show: [],
  redrive: [...SELECTION, 'rate', 'max', 'max-redrives', 'map', 'id', 'reason', 'by'],
  resolve: [...SELECTION, 'reason', 'by'],
};
const FLAGS: Readonly<Record<string, readonly string[]>> = { redrive: ['all', 'dry-run'], resolve: ['all'] };

type Given = Exclude<Arguments, { readonly wrong: string }>;
type Wrong = { readonly wrong: string };

export const command: Command = {
  name: 'dead-letters',
  summary: 'list dead letters, count them by cause, show, redrive and resolve them',
  usage,
  async run(args, io) {
    const [action = '', ...rest] = args;
    const given = argumentsOf(rest, ['json', ...(FLAGS[action] ?? [])], OPTIONS[action] ?? []);
    if ('wrong' in given) return wrongUsage(given, io);
    if (action !== 'redrive' && action !== 'resolve') return asking(action, given, io);
    const read = await orderOf(action, given, io);
    return 'wrong' in read ? wrongUsage(read, io) : doing(read.order, given, io);
  },
};

function wrongUsage({ wrong }: Wrong, io: Io): number {
  io.err(wrong);
  io.err(usage);
  return EXIT.usage;
}

async function asking(action: string, given: Given, io: Io): Promise<number> {
  const asked = questionOf(action, given.words, given.options);
  if ('wrong' in asked) return wrongUsage(asked, io);
  const done = await withConnections(quietly(io), 'dead-letters', asked.ask);
  const json = given.flags.has('json');
  if ('answer' in done) return tell(done.answer, { json, missing: 'There is no such dead letter.' }, io);
  for (const { message } of done.problems) io.err(message);
  return EXIT.usage;
}

const quietly = ({ env }: Io) => ({ LOG_LEVEL: 'warn', ...env });

function questionOf(
  action: string,
  words: Given['words'],
  options: Given['options'],
): { readonly ask: LetterQuestion } | Wrong {
  const [id, more] = words;
  if (action === 'show') return id === undefined ? { wrong: 'Name the letter.' } : showLetter(id);
  if (id !== undefined || more !== undefined) return { wrong: `unknown: ${words.join(' ')}` };
  if (action === 'list') return listLetters(options);
  if (action === 'groups') return groupLetters(options);
  if (action === 'sample') return sampleLetters(options);
  if (action === '')
    return { wrong: 'Say what to do with dead letters: list, groups, sample, show, redrive or resolve.' };
  return { wrong: `There is no "dead-letters ${action}".` };
}

async function orderOf(
  action: 'redrive' | 'resolve',
  { words, flags, options }: Given,
  io: Io,
): Promise<{ readonly order: LetterOrder } | Wrong> {
  if (words.length > 0) return { wrong: `unknown: ${words.join(' ')}` };
  if (action === 'resolve') return resolveOrder(options, flags);
  const { map, ...rest } = options;
  const [file] = map === undefined ? [] : filesOf([map], io.env);
  return redriveOrder(file === undefined ? rest : { ...rest, map: file }, flags);
}

async function doing(order: LetterOrder, { flags }: Given, io: Io): Promise<number> {
  const attendance = { say: io.err, signal: io.signal };
  const done = await withConnections(quietly(io), 'dead-letters', (connections, config) =>
    order(connections, config, attendance),
  );
  if ('problems' in done) {
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  }
  const { told, isWhole } = done.answer;
  const code = tell(told, { json: flags.has('json'), missing: '' }, io);
  return isWhole ? code : EXIT.drift;
}
