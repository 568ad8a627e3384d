import { type IngestedFile, ingestFiles, ingestLines } from '#app/ingest-files.ts';
import { ingestInto } from '#app/ingestion.ts';
import { withConnections } from '#app/with-connections.ts';
import { argumentsOf, filesOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';

const usage = `linernotes ingest FILE… [--json]
  Publishes playlist files to tracks.raw, each playlist exactly once. FILE "-" is standard input. The format is told by the
  content: linernotes JSON (schemas/playlist.schema.json), Spotify Web API, account data, Exportify, TuneMyMusic, spotDL,
  lists of URIs or links, links in any text, or a CSV with a column of track ids.
  --json  one JSON object a file, with every row that was left out

Reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL. Exit: 0 published (or published before), 1 a service does not
answer, 2 wrong usage, or a file of which nothing was accepted.`;

export const command: Command = {
  name: 'ingest',
  summary: 'publish playlist files to tracks.raw',
  usage,
  async run(args, io) {
    const given = argumentsOf(args, ['json']);
    if ('wrong' in given || given.words.length === 0) {
      io.err('wrong' in given ? given.wrong : 'Name at least one file, or - for standard input.');
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections(io.env, 'ingest', (connections, config) =>
      ingestFiles(filesOf(given.words, io.env), ingestInto(connections, config)),
    );
    if ('problems' in done) {
      for (const { message } of done.problems) io.err(message);
      return EXIT.usage;
    }
    return told(done.answer, given.flags.has('json'), io);
  },
};

function told(files: readonly IngestedFile[], json: boolean, io: Io): number {
  for (const file of files) {
    if (json) io.out(JSON.stringify(file));
    else for (const line of ingestLines(file)) io.out(line);
  }
  return files.some(({ refused }) => refused !== null) ? EXIT.usage : EXIT.ok;
}
