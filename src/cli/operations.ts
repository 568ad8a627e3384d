import { listOperations, type OperationQuestion } from '#app/operations/questions.ts';
import { withConnections } from '#app/with-connections.ts';
import { type Arguments, argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes operations [--kind KIND] [--target WHAT] [--since 24h|2026-01-31T00:00:00Z] [--limit N] [--cursor C] [--json]
  What was done to the pipeline, by whom and when; the last first.

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 told, 1 a service does not answer, 2 wrong usage.`;

export const command: Command = {
  name: 'operations',
  summary: 'who did what to the pipeline, and when',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json'], ['kind', 'target', 'since', 'limit', 'cursor']);
    const asked = askedOf(given);
    if ('wrong' in asked) {
      io.err(asked.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'operations', asked.ask);
    if ('answer' in done) return tell(done.answer, { json: asked.json, missing: '' }, io);
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  },
};

function askedOf(
  given: Arguments,
): { readonly ask: OperationQuestion; readonly json: boolean } | { readonly wrong: string } {
  if ('wrong' in given) return given;
  const { words, flags, options } = given;
  if (words.length > 0) return { wrong: `unknown: ${words.join(' ')}` };
  const asked = listOperations(options);
  return 'wrong' in asked ? asked : { ...asked, json: flags.has('json') };
}
