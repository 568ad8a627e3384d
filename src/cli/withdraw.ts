import { whoOf } from '#app/operations/who.ts';
import { withConnections } from '#app/with-connections.ts';
import { orderWithdrawal } from '#app/withdraw/command.ts';
import { trackIdOf } from '#track/identity.ts';
import { argumentsOf, reasonIn } from './arguments.ts';
import { asked } from './asked.ts';
import { type Command, EXIT, type Io } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes withdraw ID|URL --reason TEXT [--by NAME] [--yes] [--json]
  Withdraws a track for good: shows what is erased, asks, and erases it. From then on ingest rejects the track, no phase and no replay
  asks anybody for it, and no row tells of it. There is no way back. Its events stay on the topics until retention takes them.
  --reason TEXT  why; it stays in the audit
  --yes          does not ask

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 withdrawn (or it was before), 1 a service does not answer, 2 wrong usage or not agreed to.`;

type Order = {
  readonly trackId: string;
  readonly reason: string;
  readonly by: string;
  readonly isYes: boolean;
  readonly isJson: boolean;
};

function orderOf(args: readonly string[]): Order | { readonly wrong: string } {
  const given = argumentsOf(args, ['yes', 'json'], ['reason', 'by']);
  if ('wrong' in given) return given;
  const { words, flags, options } = given;
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) return { wrong: 'Name one track: its Spotify id, URI or link.' };
  const trackId = trackIdOf(word);
  if (trackId === null) return { wrong: `"${word}" names no Spotify track.` };
  const reason = reasonIn(options);
  if (typeof reason !== 'string') return reason;
  return { trackId, reason, by: whoOf(options['by']), isYes: flags.has('yes'), isJson: flags.has('json') };
}

export const command: Command = {
  name: 'withdraw',
  summary: 'withdraw a track for good, and erase what is stored of it',
  usage,
  async run(args, io) {
    const order = orderOf(args);
    if ('wrong' in order) {
      io.err(order.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    return withdraw(order, io);
  },
};

async function withdraw({ trackId, reason, by, isYes, isJson }: Order, io: Io): Promise<number> {
  const agrees = isYes ? null : asked(io, 'Withdraw it?');
  if (!isYes && agrees === null) {
    io.err('Nobody can be asked here whether the track may be withdrawn: say --yes.');
    return EXIT.usage;
  }
  const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'withdraw', (connections) =>
    orderWithdrawal({ trackId, reason, by, agrees }, connections),
  );
  if ('answer' in done && done.answer !== null) return tell(done.answer, { json: isJson, missing: '' }, io);
  const why = 'problems' in done ? done.problems.map(({ message }) => message) : ['Nothing was withdrawn.'];
  for (const message of why) io.err(message);
  return EXIT.usage;
}
