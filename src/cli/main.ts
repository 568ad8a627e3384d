import { createInterface } from 'node:readline/promises';
import { runningEnvironment } from '#app/start/running.ts';
import { type Command, EXIT, type Io } from './command.ts';
import { COMMANDS } from './commands.ts';

const usage = (): string =>
  [
    'linernotes <command> [options]',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(13)} ${summary}`),
    '',
    '`linernotes <command> --help` tells more of one.',
  ].join('\n');

/**
 * Runs the command that the arguments name.
 * @param args what stands after the program's name
 * @returns the exit code: 0 done, 1 broken, 2 wrong call or input, 3 done but not as it should be
 */
export async function main(args: readonly string[], process: NodeJS.Process): Promise<number> {
  const [name, ...rest] = args;
  const io = ioOf(process, name);
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) return unknownCommand(name, io);
  if (rest.includes('--help')) {
    io.out(command.usage);
    return EXIT.ok;
  }
  return runCommand(command, rest, io);
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  try {
    return await command.run(args, io);
  } catch (error) {
    io.err(`linernotes ${command.name}: ${error instanceof Error ? error.message : String(error)}`);
    if (io.env['LOG_LEVEL'] === 'debug' && error instanceof Error) io.err(error.stack ?? '');
    return EXIT.failed;
  }
}

function unknownCommand(name: string | undefined, io: Io): number {
  if (name === undefined || name === '--help' || name === 'help') {
    io.out(usage());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  io.err(`linernotes: there is no command "${name}".\n\n${usage()}`);
  return EXIT.usage;
}

/**
 * The first SIGINT or SIGTERM asks for a clean stop; the second ends the process at once.
 * Every command but `start` finds a running `npm start` by itself; what the environment says comes first.
 */
function ioOf(process: NodeJS.Process, name: string | undefined): Io {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    stop.abort(new Error(`Stopped by ${signal}.`));
  };
  // The reader of a pipe (`| head`) may leave before the last line; that is no fault of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
  );
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    env: name === 'start' ? process.env : { ...runningEnvironment(stateDirOf(process.env)), ...process.env },
    signal: stop.signal,
    tty: process.stdout.isTTY === true,
    ...(process.stdin.isTTY ? { ask: (question) => ask(question, process, stop.signal) } : {}),
  };
}

/** Only `y` and `yes` are a yes; the question stands on stderr, so that a piped answer stays clean. */
async function ask(question: string, { stdin, stderr }: NodeJS.Process, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}

const stateDirOf = (env: NodeJS.ProcessEnv): string => env['LINERNOTES_STATE'] ?? '.linernotes';
