import { join } from 'node:path';
import { plainScreen, terminalScreen } from '#app/start/screen.ts';
import { start } from '#app/start/start.ts';
import { argumentsOf, filesOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `npm start [-- --fresh] [-- --once [FILE…]]
  Starts Kafka, schema registry, Postgres, Chromium and, for every provider without credentials, its stand-in; applies topics
  and schemas; runs the five stages, the projector and the feed; ingests the sample playlist when the database is empty; shows
  progress; runs until ^C. State lives in .linernotes/.
  --once   ingest the files (the sample when none is named), wait until every track is complete and projected, tell, end:
           exit 0 all complete, 3 some degraded, 2 bad input, 1 otherwise
  --fresh  begin with empty data
  FILE     playlist files to ingest, as of \`linernotes ingest\`

Services: KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, CHROMIUM_PATH name ones that run already; else a Docker engine,
else this machine (Java and Maven). Everything else: docs/configuration.md.`;

export const command: Command = {
  name: 'start',
  summary: 'run everything on this machine',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['once', 'fresh']);
    if ('wrong' in given) {
      io.err(given.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const code = await start({
      // The terminal belongs to the live table, so the log goes into a file.
      env: { LOG_FILE: join(io.env['LINERNOTES_STATE'] ?? '.linernotes', 'logs', 'linernotes.log'), ...io.env },
      once: given.flags.has('once'),
      fresh: given.flags.has('fresh'),
      files: filesOf(given.words, io.env),
      signal: io.signal,
      screen: screenOf(io),
      width: () => process.stdout.columns ?? 120,
    });
    if (typeof code === 'number') return code;
    for (const { message } of code.problems) io.err(message);
    return EXIT.usage;
  },
};

const screenOf = (io: Io) =>
  io.tty ? terminalScreen((text) => void process.stdout.write(text)) : plainScreen(io.out, () => performance.now());
