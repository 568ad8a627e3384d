import { resolve } from 'node:path';
import { readPage } from '#app/credits/read-page.ts';
import { withConnections } from '#app/with-connections.ts';
import { trackIdOf } from '#track/identity.ts';
import { argumentsOf } from './arguments.ts';
import { type Command, EXIT, type Io } from './command.ts';
import { tell } from './tell.ts';

const usage = `linernotes credits read ID|URL [--json] [--save DIR]
  Reads one page of the web player now, and tells what was found and by which reading: for whoever checks a change of layout.
  --save DIR  keeps the answers to the page's queries and its markup as read in DIR/ID.json: no headers, no cookies, no tokens

Takes a slot of the workers' budget, and keeps to their pauses. The ledger is neither asked nor told. Needs CREDITS_SCRAPE=on.
Finds a running \`npm start\` by itself, else reads DATABASE_URL and the other addresses.
Exit: 0 read, 1 a service does not answer, 2 wrong usage or not turned on, 3 the page told no credits.`;

type Wanted = { readonly trackId: string; readonly save: string | null; readonly json: boolean };

function wantedOf(args: readonly string[], env: Io['env']): Wanted | { readonly wrong: string } {
  const given = argumentsOf(args, ['json'], ['save']);
  if ('wrong' in given) return given;
  const [verb, word, ...more] = given.words;
  if (verb !== 'read') return { wrong: `"${verb ?? ''}" is nothing that credits does: say read.` };
  if (word === undefined || more.length > 0) return { wrong: 'Name one track: its Spotify id, URI or link.' };
  const trackId = trackIdOf(word);
  if (trackId === null) return { wrong: `"${word}" names no Spotify track.` };
  const { save } = given.options;
  if (save === '') return { wrong: '--save needs a folder.' };
  // npm runs us in the package's folder and says in INIT_CWD where the user stood.
  return {
    trackId,
    save: save === undefined ? null : resolve(env['INIT_CWD'] ?? '.', save),
    json: given.flags.has('json'),
  };
}

export const command: Command = {
  name: 'credits',
  summary: 'read one page of the web player, and tell what it says and how',
  usage,
  async run(args, io) {
    const wanted = wantedOf(args, io.env);
    if ('wrong' in wanted) {
      io.err(wanted.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const done = await withConnections({ LOG_LEVEL: 'warn', ...io.env }, 'credits', (connections, config) =>
      readPage(wanted, connections, config, io.signal),
    );
    if ('problems' in done) for (const { message } of done.problems) io.err(message);
    else if ('wrong' in done.answer) io.err(done.answer.wrong);
    else {
      tell(done.answer.told, { json: wanted.json, missing: '' }, io);
      return done.answer.ended === 'read' ? EXIT.ok : EXIT.drift;
    }
    return EXIT.usage;
  },
};
