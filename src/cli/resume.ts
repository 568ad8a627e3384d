import { type Resumed, resumeStage } from '#app/operations/resume.ts';
import { whoOf } from '#app/operations/who.ts';
import { withConnections } from '#app/with-connections.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import { type Arguments, argumentsOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `linernotes resume <${PHASES.join('|')}> [--by WHO] [--reason WHY] [--json]
  Lifts the halt of a stage. It had stopped because too many of its records went to the dead letters without going on, or met a
  bug (linernotes status says which). Then start its worker again; it goes on where it stood.

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 lifted, 1 a service does not answer, 2 wrong usage, 3 the stage was not halted.`;

const isPhase = (name: string): name is PhaseName => (PHASES as readonly string[]).includes(name);

export const command: Command = {
  name: 'resume',
  summary: 'let a halted stage work again',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json'], ['by', 'reason']);
    const order = orderOf(given);
    if ('wrong' in order) {
      io.err(order.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'resume', (connections) =>
      resumeStage(connections, order),
    );
    if ('answer' in done) return told(done.answer, order.isJson, io);
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  },
};

function orderOf(given: Arguments) {
  if ('wrong' in given) return given;
  const { words, options, flags } = given;
  const [stage = '', ...more] = words;
  if (more.length > 0 || !isPhase(stage)) return { wrong: `There is no stage "${words.join(' ')}".` };
  return { stage, by: whoOf(options['by']), reason: options['reason'] ?? null, isJson: flags.has('json') };
}

function told(answer: Resumed, isJson: boolean, io: Io): number {
  const { stage, lifted } = answer;
  if (isJson) io.out(JSON.stringify(answer));
  else if (lifted === null) io.err(`${stage} is not halted.`);
  else io.out(`${stage} may work again. It was halted since ${lifted.since}: ${lifted.reason}`);
  return lifted === null ? EXIT.drift : EXIT.ok;
}
