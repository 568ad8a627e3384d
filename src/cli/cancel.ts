import { cancelRun } from '#app/cancel.ts';
import { whoOf } from '#app/operations/who.ts';
import { withConnections } from '#app/with-connections.ts';
import { argumentsOf, reasonIn } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes cancel RUN --reason TEXT [--by NAME] [--json]
  Cancels a run, which may be a replay. Its events that are still in the pipeline go on through every phase with \`off\` / \`CANCELLED\`, and nobody is asked
  for them any more; what was learned stays. Other runs are not touched, not even where they want the same tracks.

Finds a running \`npm start\` by itself, else reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL.
Exit: 0 cancelled, 1 a service does not answer, 2 wrong usage, 3 no event of the run was seen.`;

type Order = { readonly runId: string; readonly reason: string; readonly by: string; readonly json: boolean };

function orderOf(args: readonly string[]): Order | { readonly wrong: string } {
  const given = argumentsOf(args, ['json'], ['reason', 'by']);
  if ('wrong' in given) return given;
  const { words, flags, options } = given;
  const [runId, ...more] = words;
  if (runId === undefined) return { wrong: 'Name the run; `linernotes status` and GET /v1/runs know them.' };
  if (more.length > 0) return { wrong: `unknown: ${more.join(' ')}` };
  const reason = reasonIn(options);
  if (typeof reason !== 'string') return reason;
  return { runId, reason, by: whoOf(options['by']), json: flags.has('json') };
}

export const command: Command = {
  name: 'cancel',
  summary: 'ask nobody for the tracks of a run any more',
  usage,
  async run(args, io) {
    const order = orderOf(args);
    if ('wrong' in order) {
      io.err(order.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const { runId, json } = order;
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'cancel', (connections) =>
      cancelRun(connections, runId, order),
    );
    if ('problems' in done) {
      for (const { message } of done.problems) io.err(message);
      return EXIT.usage;
    }
    const { answer } = done;
    const line = `${runId} is cancelled; ${answer?.inFlight ?? 0} of its ${answer?.accepted ?? 0} tracks are still on their way.`;
    const told = answer === null ? null : { json: answer, lines: () => [line] };
    return tell(
      told,
      {
        json,
        missing: `No event of run ${runId} was seen; a replay that has sent nothing yet: linernotes replay cancel ${runId}.`,
      },
      io,
    );
  },
};
