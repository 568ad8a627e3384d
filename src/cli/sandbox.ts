import { parseArgs } from 'node:util';
import { runSandboxAlone } from '#app/sandbox.ts';
import { type Command, EXIT } from './command.ts';

const usage = `linernotes sandbox [--pace demo|real|zero] [--port N] [--seed TEXT]
  Runs the stand-ins of all providers on the loopback until ^C, and prints the environment that points linernotes at them.
  --pace  demo: quick; real: latencies and limits like the real services'; zero: no latency
  --port  first of eight ports in a row; free ones by default
  --seed  another made-up world

Every origin tells what it was asked at /_calls and takes faults at /_faults. Exit: 0 stopped, 1 a port is taken, 2 wrong usage.`;

export const command: Command = {
  name: 'sandbox',
  summary: "run the providers' stand-ins alone",
  usage,
  async run(args, io) {
    const options = { pace: { type: 'string' }, port: { type: 'string' }, seed: { type: 'string' } } as const;
    let given: Readonly<Record<string, string | undefined>>;
    try {
      given = parseArgs({ args: [...args], options }).values;
    } catch (error) {
      io.err(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
      return EXIT.usage;
    }
    const wrong = await runSandboxAlone(given, { signal: io.signal, print: io.out });
    if (wrong === null) return EXIT.ok;
    io.err(`${wrong}\n${usage}`);
    return EXIT.usage;
  },
};
