import { configOf } from '#app/config.ts';
import { checkSchemas, type SchemaFinding } from '#app/schemas/check.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `linernotes schemas check [--json]
  Compares schemas/*.avsc with the live registry and changes nothing.
linernotes schemas register [--json]
  Registers them at compatibility FULL_TRANSITIVE. Running it again, or twice at once, changes nothing more.

Reads SCHEMA_REGISTRY_URL. Exit: 0 all is well, 1 the registry does not answer, 2 wrong usage, 3 a schema is refused or differs.`;

const NO_URL = 'SCHEMA_REGISTRY_URL is not set: the Confluent API of the registry, for Apicurio with /apis/ccompat/v7.';

const ACTIONS = { check: checkSchemas, register: registerSchemas } as const;

export const command: Command = {
  name: 'schemas',
  summary: 'check or register the Avro schemas of all topics',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json']);
    if ('wrong' in given) return wrong(io, [given.wrong]);
    const [action = '', ...rest] = given.words;
    if (!isAction(action) || rest.length > 0) return wrong(io, [`unknown: ${given.words.join(' ')}`]);
    const read = configOf(io.env);
    if (!read.ok)
      return wrong(
        io,
        read.problems.map(({ message }) => message),
      );
    const { SCHEMA_REGISTRY_URL: url } = read.config;
    if (url === undefined) return wrong(io, [NO_URL]);
    return report(io, given.flags.has('json'), () =>
      ACTIONS[action]({ url, log: { warn: (_, line) => io.err(line) } }),
    );
  },
};

const isAction = (word: string): word is keyof typeof ACTIONS => Object.hasOwn(ACTIONS, word);

function wrong(io: Io, problems: readonly string[]): number {
  for (const line of [...problems, usage]) io.err(line);
  return EXIT.usage;
}

async function report(io: Io, json: boolean, ask: () => Promise<readonly SchemaFinding[]>): Promise<number> {
  try {
    const findings = await ask();
    if (json) io.out(JSON.stringify({ schemas: findings }));
    else for (const line of findings.flatMap(linesOf)) io.out(line);
    return findings.some(({ breaches }) => breaches.length > 0) ? EXIT.drift : EXIT.ok;
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
}

const SIGNS = { registered: '=', new: '+', compatible: '~', unguarded: '!', refused: '!' } as const;

function linesOf({ subject, state, id, breaches }: SchemaFinding): readonly string[] {
  const known = id === null ? '' : ` (id ${id})`;
  return [
    `${SIGNS[state]} ${subject}: ${state}${known}`,
    ...breaches.map(({ field, problem, mend }) => `    ${field}: ${problem}. Mend: ${mend}.`),
  ];
}
