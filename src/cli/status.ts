import { statusLines, statusOf } from '#app/status.ts';
import { withConnections } from '#app/with-connections.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';

const usage = `linernotes status [--json]
  Says how things stand: tracks and runs, how each phase ended, lag of each group and lane, pauses, dead letters, and whether
  the data is the sandbox's. Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 told, 1 a service does not answer, 2 wrong usage.`;

export const command: Command = {
  name: 'status',
  summary: 'say how things stand',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json']);
    if ('wrong' in given || given.words.length > 0) {
      io.err(usage);
      return EXIT.usage;
    }
    const env = { LOG_LEVEL: 'warn', ...io.env };
    const done = await withConnections(env, 'status', (connections, config) => statusOf(config, connections));
    if ('problems' in done) {
      for (const { message } of done.problems) io.err(message);
      return EXIT.usage;
    }
    if (given.flags.has('json')) io.out(JSON.stringify(done.answer));
    else for (const line of statusLines(done.answer)) io.out(line);
    return EXIT.ok;
  },
};
