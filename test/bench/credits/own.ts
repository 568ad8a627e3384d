import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import { memoryPlaces } from '#adapters/memory/places.ts';
import type { Chromium } from '#local/chromium.ts';
import { bareEnvironment } from '#local/environment.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';

/** The client of the credits phase as a worker has it, with so many tabs and no limit of a rate. */
export function ownClient({ path, args }: Pick<Chromium, 'path' | 'args'>, webUrl: string, tabs: number) {
  const pages = pageReader({
    ...PAGE_READER_DEFAULTS,
    executablePath: path,
    args,
    env: bareEnvironment(process.env),
    places: memoryPlaces(tabs),
  });
  const governor = memoryGovernor({ 'web-player': { perSecond: 1_000, burst: 1_000 } }, Date.now);
  const http = (): never => {
    throw new Error('the client of pages has no other way out');
  };
  const client = webPlayerClient(
    { webUrl },
    { http, ledger: memoryLedger(), governor, now: Date.now, reader: pages.read },
  );
  return { client, close: pages.close };
}

/** Reads the pages of these tracks; all are asked for at once, as a stage in backlog does. */
export async function readOwn(
  chromium: Pick<Chromium, 'path' | 'args'>,
  { webUrl, ids, tabs }: { readonly webUrl: string; readonly ids: readonly string[]; readonly tabs: number },
  done: () => void,
): Promise<number> {
  const { client, close } = ownClient(chromium, webUrl, tabs);
  const { signal } = new AbortController();
  const asking = { signal, lane: 'live', now: Date.now(), notBefore: null } as const;
  const answers = await Promise.all(ids.map((id) => client.credits(id, asking).finally(done)));
  const counts = await Promise.all(ids.map((id) => client.streams(id, asking)));
  await close();
  return answers.filter(
    (answer, at) =>
      answer.kind === 'found' && answer.facts.people.contributors.length > 0 && counts[at]?.kind === 'found',
  ).length;
}
