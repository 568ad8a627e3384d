import { argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { runOrder } from './replay.ts';

const usage = `linernotes refresh [--older-than 7d] [--playlist ID] [--yes] [--by WHO] [--json]
  Measures again what moves: a replay of the tracks whose popularity, stream count or Chartmetric statistics are older than that (at
  least 1d), all tracks or those of a playlist's current snapshot. Shows the plan, asks, and starts; \`replay status\` tells how far
  it is. REFRESH_EVERY makes the workers do it by themselves. Two measurements at least a day apart give growth a week.

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL and the phases' credentials.
Exit: 0 started, 1 a service does not answer, 2 wrong usage, nothing to refresh, or not agreed to.`;

export const command: Command = {
  name: 'refresh',
  summary: 'measure again what moves: streams, popularity, statistics',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json', 'yes'], ['older-than', 'playlist', 'by']);
    const wrong = 'wrong' in given ? given.wrong : given.words.length > 0 ? `unknown: ${given.words.join(' ')}` : null;
    if ('wrong' in given || wrong !== null) {
      io.err(wrong ?? '');
      io.err(usage);
      return EXIT.usage;
    }
    const { 'older-than': olderThan = '7d', playlist = null, by } = given.options;
    const how = { isYes: given.flags.has('yes'), isJson: given.flags.has('json') };
    return runOrder({ kind: 'refresh', olderThan, playlist, by }, how, io);
  },
};
