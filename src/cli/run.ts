import { run } from '#app/run.ts';
import { withConnections } from '#app/with-connections.ts';
import { WORKERS, type WorkerName } from '#app/workers.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';

const usage = `linernotes run <${WORKERS.join('|')}> [--accept-loss]
  Runs one worker, or all in one process, until SIGTERM; then it finishes what it has in hand (DRAIN_DEADLINE_MS) and ends.
  Run as many of each phase as it has partitions. /metrics, /healthz and /readyz are on METRICS_PORT.
  --accept-loss  go on from the first record that stands where the log has lost the place of a group or of the read model
                 (deleted by retention, made anew, expired); for one start, not for good

Reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL and the credentials of docs/configuration.md. Exit: 0 drained,
1 it cannot go on (start it again: it resumes), 2 wrong usage or configuration, 3 the stage is halted (linernotes resume),
4 the log has lost its place (see docs/operations.md; --accept-loss).`;

const isWorker = (name: string): name is WorkerName => (WORKERS as readonly string[]).includes(name);

export const command: Command = {
  name: 'run',
  summary: 'run one worker of the pipeline',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['accept-loss']);
    const { words, flags } = 'wrong' in given ? { words: [], flags: new Set<string>() } : given;
    const [name] = words;
    const acceptLoss = flags.has('accept-loss');
    if (name === undefined || !isWorker(name)) {
      io.err('wrong' in given ? given.wrong : `There is no worker "${name ?? ''}".`);
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections(io.env, name, (connections, config) =>
      run(name, config, { ...connections, acceptLoss }, io.signal),
    );
    if ('answer' in done) return done.answer;
    for (const { message } of done.problems) io.err(message);
    return EXIT.usage;
  },
};
