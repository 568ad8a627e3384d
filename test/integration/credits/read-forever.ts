import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { memoryPlaces } from '#adapters/memory/places.ts';
import { bareEnvironment } from '#local/environment.ts';

// A worker with a browser, for the test that kills it: reads one page after another until it is ended.

const [url = '', executablePath = '', ...args] = process.argv.slice(2);
const { read } = pageReader({
  ...PAGE_READER_DEFAULTS,
  executablePath,
  args,
  env: bareEnvironment(process.env),
  places: memoryPlaces(2),
});
const scope = { lane: 'live', signal: new AbortController().signal } as const;

for (;;) {
  const { status } = await read({ url, credits: false, scope, admit: async () => null });
  process.stderr.write(`read ${status}\n`);
}
