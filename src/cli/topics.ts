import { configOf } from '#app/config.ts';
import { applyTopics, livePlan } from '#app/topics/apply.ts';
import { onCluster } from '#app/topics/cluster.ts';
import { forgottenIn, forgottenLines } from '#app/topics/forgotten.ts';
import { readTopics, type WantedTopic } from '#app/topics/manifest.ts';
import type { Allowed } from '#app/topics/plan.ts';
import { planLines } from '#app/topics/words.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `linernotes topics plan [--check] [--json] [--allow-delete] [--allow-shorter-retention]
  Says what differs between topics/*.json and the live cluster, and changes nothing. --check: exit 3 when anything differs.
  Warns when the log has forgotten what the read model follows from, so that a rebuild from the beginning would not know it.
linernotes topics apply [--json] [--allow-delete] [--allow-shorter-retention]
  Makes the cluster what the files say. What would lose history is refused unless its flag is given; the rest is done.
  --allow-delete             deletes topics named tracks.* or linernotes.* that have no file
  --allow-shorter-retention  lets a topic keep less than it does now

Reads KAFKA_BROKERS and KAFKA_REPLICATION. Exit: 0 all is well, 1 the cluster does not answer, 2 wrong usage,
3 something was refused, or with plan --check something differs.`;

const FLAGS = ['check', 'json', 'allow-delete', 'allow-shorter-retention'];

type Task = {
  readonly action: 'plan' | 'apply';
  readonly flags: ReadonlySet<string>;
  readonly allowed: Allowed;
  readonly brokers: string;
  readonly wanted: readonly WantedTopic[];
};

export const command: Command = {
  name: 'topics',
  summary: 'compare the topics of the cluster with topics/*.json, or make them so',
  usage,
  async run(args, io) {
    const task = taskOf(args, io);
    if ('wrong' in task) {
      for (const line of [...task.wrong, usage]) io.err(line);
      return EXIT.usage;
    }
    try {
      return task.action === 'plan' ? await plan(task, io) : await apply(task, io);
    } catch (error) {
      io.err(error instanceof Error ? error.message : String(error));
      return EXIT.failed;
    }
  },
};

function taskOf(args: readonly string[], io: Io): Task | { readonly wrong: readonly string[] } {
  const given = argumentsOf(args, FLAGS);
  if ('wrong' in given) return { wrong: [given.wrong] };
  const { words, flags } = given;
  const [action] = words;
  if (words.length !== 1 || (action !== 'plan' && action !== 'apply'))
    return { wrong: [`unknown: ${words.join(' ')}`] };
  const read = configOf(io.env);
  if (!read.ok) return { wrong: read.problems.map(({ message }) => message) };
  const { KAFKA_BROKERS: brokers, KAFKA_REPLICATION: replication } = read.config;
  if (brokers === undefined) return { wrong: ['KAFKA_BROKERS is not set: host:port, separated by commas.'] };
  return filesRead(replication, (wanted) => ({ action, flags, allowed: allowedBy(flags), brokers, wanted }));
}

/** A file that cannot be used is the user's to mend, like a wrong argument. */
function filesRead(
  replication: number,
  then: (wanted: readonly WantedTopic[]) => Task,
): Task | { wrong: readonly string[] } {
  try {
    return then(readTopics({ replication }));
  } catch (error) {
    return { wrong: [error instanceof Error ? error.message : String(error)] };
  }
}

const allowedBy = (flags: ReadonlySet<string>): Allowed => ({
  delete: flags.has('allow-delete'),
  shorterRetention: flags.has('allow-shorter-retention'),
});

async function plan({ brokers, wanted, allowed, flags }: Task, io: Io): Promise<number> {
  const [changes, forgotten] = await onCluster(brokers, io.err, (admin) =>
    Promise.all([livePlan(admin, wanted, { allowed }), forgottenIn(admin)]),
  );
  if (flags.has('json')) io.out(JSON.stringify({ drift: changes.length > 0, changes, forgotten }));
  else for (const line of [...planLines(changes, io.tty), ...forgottenLines(forgotten)]) io.out(line);
  return flags.has('check') && changes.length > 0 ? EXIT.drift : EXIT.ok;
}

async function apply({ brokers, wanted, allowed, flags }: Task, io: Io): Promise<number> {
  const { applied, refused } = await onCluster(brokers, io.err, (admin) => applyTopics(admin, wanted, { allowed }));
  if (flags.has('json')) io.out(JSON.stringify({ applied, refused }));
  else for (const line of planLines([...applied, ...refused], io.tty)) io.out(line);
  return refused.length > 0 ? EXIT.drift : EXIT.ok;
}
