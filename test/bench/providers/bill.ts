import type { Calls, ProviderCalls } from '#sandbox/http/ledger.ts';
import type { ProviderName } from '#sandbox/http/route.ts';
import { measured, promised, type Row } from '#test/bench/support/report.ts';

/** How many keys one call of an endpoint takes; endpoints that are not named take one. The MLC documents no maximum: 50 is known to work. */
const MAXIMUM: Readonly<Record<string, number>> = {
  'spotify/tracks': 50,
  'spotify/artists': 50,
  'spotify/albums': 20,
  'spotify/audio-features': 100,
  'mlc/works': 50,
};

/** Calls for a thousand tracks of the prior system, as far as they are known. */
const PRIOR: Readonly<Record<string, string>> = {
  spotify: '~60, without albums',
  mlc: '2,000 or more',
  musicbrainz: '6,000 or more',
  chartmetric: '~5,000',
};

const THEIR_SPARE = 1.1;
const MUSICBRAINZ_MOST = 180;
const CHARTMETRIC_MOST = { first: 1_900, refresh: 950 };

/** Tokens are no answers, and the fallback by title and writers is counted apart. */
const APART: ReadonlySet<string> = new Set(['token', 'search-songcode']);

type Endpoint = { readonly name: string; readonly calls: number; readonly least: number; readonly isBatched: boolean };

const endpointsOf = (provider: ProviderName, of: ProviderCalls | undefined): readonly Endpoint[] =>
  Object.entries(of?.endpoints ?? {}).flatMap(([name, { calls, distinctIds }]) => {
    const most = MAXIMUM[`${provider}/${name}`] ?? 1;
    return APART.has(name) ? [] : [{ name, calls, least: Math.ceil(distinctIds / most), isBatched: most > 1 }];
  });

const sum = (endpoints: readonly Endpoint[], of: (endpoint: Endpoint) => number): number =>
  endpoints.reduce((all, endpoint) => all + of(endpoint), 0);

/** Calls against the least that the keys need: a tenth more, and one batch that is not full for each process and endpoint. */
function keyedRow(provider: ProviderName, of: ProviderCalls | undefined, processes: number): Row {
  const endpoints = endpointsOf(provider, of);
  const calls = sum(endpoints, (endpoint) => endpoint.calls);
  const least = sum(endpoints, (endpoint) => endpoint.least);
  const partFilled = processes * endpoints.filter(({ isBatched }) => isBatched).length;
  const most = Math.floor(THEIR_SPARE * least + partFilled);
  return promised(
    `  ${provider}`,
    calls,
    'calls',
    `≤ ${most} (least ${least}; prior system ${PRIOR[provider]})`,
    calls <= most,
  );
}

function cappedRow(provider: ProviderName, of: ProviderCalls | undefined, most: number, least: string): Row {
  const calls = sum(endpointsOf(provider, of), (endpoint) => endpoint.calls);
  return promised(
    `  ${provider}`,
    calls,
    'calls',
    `≤ ${most} (${least}; prior system ${PRIOR[provider]})`,
    calls <= most,
  );
}

/** What the providers were asked for new tracks. */
export function firstRows({ providers }: Calls, processes: number): readonly Row[] {
  const { spotify, mlc, musicbrainz, chartmetric } = providers;
  return [
    keyedRow('spotify', spotify, processes),
    keyedRow('mlc', mlc, processes),
    measured('  mlc, by title and writers', mlc?.endpoints['search-songcode']?.calls ?? 0, 'calls'),
    cappedRow('musicbrainz', musicbrainz, MUSICBRAINZ_MOST, 'least 100 to 180'),
    cappedRow('chartmetric', chartmetric, CHARTMETRIC_MOST.first, 'least 1,900'),
  ];
}

const allCalls = ({ providers }: Calls): number => Object.values(providers).reduce((all, { calls }) => all + calls, 0);

/** What they were asked for tracks of which all is known and fresh. */
export const secondRows = (calls: Calls): readonly Row[] => [
  promised('  all providers', allCalls(calls), 'calls', '0', allCalls(calls) === 0),
];

/** What they were asked when Chartmetric's numbers were a day old. */
export function refreshRows(calls: Calls): readonly Row[] {
  const { chartmetric } = calls.providers;
  const others = allCalls(calls) - (chartmetric?.calls ?? 0);
  return [
    cappedRow('chartmetric', chartmetric, CHARTMETRIC_MOST.refresh, 'least 950'),
    promised('  other providers', others, 'calls', '0', others === 0),
  ];
}
