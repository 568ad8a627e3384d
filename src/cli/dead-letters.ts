import { groupLetters, type LetterQuestion, listLetters, showLetter } from '#app/letters/questions.ts';
import { withConnections } from '#app/with-connections.ts';
import { type Arguments, argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes dead-letters list   [selection] [--limit N] [--cursor C] [--json]
  The letters, the last failed first.
linernotes dead-letters groups [selection] [--limit N] [--json]
  How many letters each cause has, the largest first, with a sample.
linernotes dead-letters show ID [--json]
  One letter: why, where from, headers, and its value decoded, or in hexadecimal when it cannot be.

Selection: --phase NAME --class CLASS --code CODE --fingerprint CAUSE --run ID --track ID|URL --since 24h|2026-01-31T00:00:00Z
  --state open|superseded|all   open unless told; superseded: the phase has answered for the track since

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 told, 1 a service does not answer, 2 wrong usage, 3 there is no such letter.`;

const FILTERS = ['phase', 'class', 'code', 'fingerprint', 'run', 'track', 'since', 'state'];
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: [...FILTERS, 'limit', 'cursor'],
  groups: [...FILTERS, 'limit'],
  show: [],
};

export const command: Command = {
  name: 'dead-letters',
  summary: 'list dead letters, count them by cause, show one',
  usage,
  async run(args, io) {
    const [action = '', ...rest] = args;
    const given = argumentsOf(rest, ['json'], OPTIONS[action] ?? []);
    const asked = 'wrong' in given ? given : questionOf(action, given);
    if ('wrong' in asked) {
      io.err(asked.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'dead-letters', asked.ask);
    if ('answer' in done) return tell(done.answer, { json: asked.json, missing: 'There is no such dead letter.' }, io);
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  },
};

type Given = Exclude<Arguments, { readonly wrong: string }>;

function questionOf(
  action: string,
  { words, flags, options }: Given,
): { readonly ask: LetterQuestion; readonly json: boolean } | { readonly wrong: string } {
  const asked = asking(action, words, options);
  return 'wrong' in asked ? asked : { ...asked, json: flags.has('json') };
}

function asking(action: string, words: Given['words'], options: Given['options']): ReturnType<typeof listLetters> {
  const [id, more] = words;
  if (action === 'show') return id === undefined ? { wrong: 'Name the letter.' } : showLetter(id);
  if (id !== undefined || more !== undefined) return { wrong: `unknown: ${words.join(' ')}` };
  if (action === 'list') return listLetters(options);
  if (action === 'groups') return groupLetters(options);
  return { wrong: `There is no "dead-letters ${action}".` };
}
