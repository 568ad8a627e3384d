import { examine } from '#app/doctor/doctor.ts';
import type { Finding } from '#app/doctor/finding.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT } from './command.ts';

const usage = `linernotes doctor [--json]
  Looks at the configuration, whether broker, registry, database and browser answer and hold what this release needs, and what
  each provider's credentials are good for. Every fault comes with its mend. Makes one call to each configured provider.
Exit: 0 all well, 2 wrong usage, 3 something is wrong.`;

const SIGN = { good: '✔', bad: '✘', off: '–' } as const;

export const command: Command = {
  name: 'doctor',
  summary: 'find what is wrong, and say how to mend it',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json']);
    if ('wrong' in given || given.words.length > 0) {
      io.err(usage);
      return EXIT.usage;
    }
    const findings = await examine(io.env);
    if (given.flags.has('json')) io.out(JSON.stringify(findings));
    else for (const line of findings.flatMap(linesOf)) io.out(line);
    return findings.some(({ state }) => state === 'bad') ? EXIT.drift : EXIT.ok;
  },
};

const linesOf = ({ what, state, seen, mend }: Finding): readonly string[] => [
  `${SIGN[state]} ${what}: ${seen}`,
  ...(mend !== null && state === 'bad' ? [`    → ${mend}`] : []),
];
