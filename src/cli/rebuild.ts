import { runRebuild } from '#app/rebuild/command.ts';
import type { RebuildOrder } from '#app/rebuild/rebuild.ts';
import { type Rebuilt, type Refused, rebuiltLines } from '#app/rebuild/verdict.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `linernotes rebuild [--verify-only] [--keep-old] [--continue] [--allow-lost-history] [--allow-differences] [--json]
  Fills a read model beside the live one from the beginning of the log, compares the two at the same offsets, and makes the new one live
  in one transaction. The projector goes on all the while and notices by itself. Killed at any moment it leaves the live model as it is.
  --verify-only         compares, and drops the new one
  --keep-old            keeps the old one (its schema) until the next rebuild
  --continue            goes on with what a killed rebuild has begun; only with the same release
  --allow-lost-history  although the log has forgotten its beginning: what only stood there will be gone
  --allow-differences   makes the new one live although the two differ; else it says how, and exits 3

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 done, 1 a service does not answer or it was stopped, 2 wrong usage, 3 refused, or the two differ.`;

const FLAGS = ['verify-only', 'keep-old', 'continue', 'allow-lost-history', 'allow-differences', 'json'];

export const command: Command = {
  name: 'rebuild',
  summary: 'fill the read model anew from the log, beside the live one, and swap',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, FLAGS);
    const wrong = 'wrong' in given ? given.wrong : given.words.length > 0 ? `unknown: ${given.words.join(' ')}` : null;
    if ('wrong' in given || wrong !== null) {
      io.err(wrong ?? '');
      io.err(usage);
      return EXIT.usage;
    }
    const { flags } = given;
    const order: RebuildOrder = {
      verifyOnly: flags.has('verify-only'),
      keepOld: flags.has('keep-old'),
      goOn: flags.has('continue'),
      allowLostHistory: flags.has('allow-lost-history'),
      allowDifferences: flags.has('allow-differences'),
    };
    return ordered(order, flags.has('json'), io);
  },
};

async function ordered(order: RebuildOrder, isJson: boolean, io: Io): Promise<number> {
  const run = { say: io.err, signal: io.signal };
  try {
    const done = await runRebuild({ LOG_LEVEL: 'warn', ...io.env }, order, run);
    if ('answer' in done) return told(done.answer, order.verifyOnly, isJson, io);
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.err('Stopped. The live read model is as it was.');
    return EXIT.failed;
  }
}

function told(answer: Rebuilt | Refused, verifyOnly: boolean, isJson: boolean, io: Io): number {
  if ('refused' in answer) {
    for (const line of answer.refused) io.err(line);
    return EXIT.drift;
  }
  if (isJson) io.out(JSON.stringify(answer));
  else for (const line of rebuiltLines(answer, verifyOnly)) io.out(line);
  return answer.swapped || answer.right ? EXIT.ok : EXIT.drift;
}
