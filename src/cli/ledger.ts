import { parseArgs } from 'node:util';
import { type LedgerOrder, orderLedger } from '#app/ledger.ts';
import { withConnections } from '#app/with-connections.ts';
import { type Command, EXIT } from './command.ts';

const usage = `linernotes ledger stats [--json]
linernotes ledger prune [--json]
linernotes ledger forget --provider NAME [--kind NAME] [--since MOMENT] [--json]
  The ledger keeps every answer of a provider, so that nothing is asked twice while it is fresh.
  stats   what is kept, by provider and kind
  prune   drops what is kept longer than <PROVIDER>_RETENTION_DAYS, and the oldest above LEDGER_MAX_ENTRIES
  forget  takes answers back that were wrong: of a provider, of one kind, fetched since a moment (2026-08-01T12:00Z)

Finds a running \`npm start\` by itself, else reads DATABASE_URL and the other addresses.
Exit: 0 done, 1 the database does not answer, 2 wrong usage.`;

const OPTIONS = {
  provider: { type: 'string' },
  kind: { type: 'string' },
  since: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Read = { readonly order: LedgerOrder; readonly json: boolean } | { readonly wrong: string };

/** What stands on the command line, or what is wrong with it. */
function orderOf(args: readonly string[]): Read {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const { json = false, ...narrowing } = values;
    const [word, ...more] = positionals;
    if (more.length > 0) return { wrong: `${more.join(' ')}: what is that?` };
    if (word === 'forget') return forgetOf(narrowing, json);
    if (Object.keys(narrowing).length > 0) return { wrong: 'Only forget takes --provider, --kind and --since.' };
    return word === 'stats' || word === 'prune'
      ? { order: { kind: word }, json }
      : { wrong: 'Say stats, prune or forget.' };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

type Narrowing = { readonly provider?: string; readonly kind?: string; readonly since?: string };

function forgetOf({ provider, kind = '', since = '' }: Narrowing, json: boolean): Read {
  if (!provider) return { wrong: 'forget needs --provider: spotify, web-player, mlc, musicbrainz or chartmetric.' };
  const moment = since === '' ? null : new Date(since);
  if (moment !== null && Number.isNaN(moment.getTime())) return { wrong: `--since ${since} is no moment.` };
  return { order: { kind: 'forget', wrong: { provider, kind: kind === '' ? null : kind, since: moment } }, json };
}

export const command: Command = {
  name: 'ledger',
  summary: 'count, prune or forget stored provider answers',
  usage,
  async run(args, io) {
    const given = orderOf(args);
    if ('wrong' in given) {
      io.err(given.wrong);
      io.err(usage);
      return EXIT.usage;
    }
    const env = { LOG_LEVEL: 'warn', ...io.env };
    const done = await withConnections(env, 'ledger', (connections, config) =>
      orderLedger(given.order, connections, config, io.signal),
    );
    if ('problems' in done) {
      for (const { message } of done.problems) io.err(message);
      return EXIT.usage;
    }
    if (given.json) io.out(JSON.stringify(done.answer.json));
    else for (const line of done.answer.lines) io.out(line);
    return EXIT.ok;
  },
};
