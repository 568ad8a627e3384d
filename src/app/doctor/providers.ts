import type { Clients } from '#phases/stages.ts';
import type { Answer, Asking } from '#providers/answer.ts';
import type { PhaseName } from '#track/phase.ts';
import type { ProviderMode } from '../providers.ts';
import { bad, type Finding, good, looked, off } from './finding.ts';

/** Any well-formed keys: whether a provider has them does not matter, only that it answers. */
const TRACK = '0000000000000000000000';
const ISRC = 'QZZZZ0000001';

const TURN_ON: Readonly<Record<PhaseName, string>> = {
  spotify: 'Set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.',
  credits: 'Set CREDITS_SCRAPE=on after reading docs/operations.md on the terms.',
  publishing: 'Set MLC_USERNAME and MLC_PASSWORD, or MLC_BULK_DIR.',
  links: 'Set MUSICBRAINZ_CONTACT to an address or URL of yours.',
  analytics: 'Set CHARTMETRIC_REFRESH_TOKEN.',
};

type Probe = () => Promise<Answer<unknown>>;

/** One question to every provider that has credentials: a token is asked for and a call is made. */
export function providerFindings(
  clients: Clients,
  modes: Readonly<Record<PhaseName, ProviderMode>>,
  now: number,
): readonly Promise<Finding>[] {
  const asking: Asking = { signal: AbortSignal.timeout(15_000), lane: 'live', now, notBefore: now };
  const { spotify, mlc, musicbrainz, chartmetric, reccobeats } = clients;
  const probes: readonly (readonly [PhaseName, string, Probe | null])[] = [
    ['spotify', 'tracks', spotify && (() => spotify.tracks(TRACK, asking))],
    ['spotify', 'audio features', spotify && (() => spotify.features(TRACK, asking))],
    ['publishing', 'recordings', mlc && (() => mlc.recordings(ISRC, asking))],
    ['links', 'recordings', musicbrainz && (() => musicbrainz.recordingsByIsrc(ISRC, asking))],
    ['analytics', 'track ids', chartmetric && (() => chartmetric.idBySpotify(TRACK, asking))],
  ];
  const second =
    reccobeats === null
      ? []
      : [probed('spotify (second source): audio features', () => reccobeats.features(TRACK, asking))];
  const first = probes.map(([phase, what, probe]) => {
    const name = `${phase} (${modes[phase]}): ${what}`;
    if (probe === null) return Promise.resolve(off(name, 'not configured', TURN_ON[phase]));
    return probed(name, probe);
  });
  return [...first, ...second];
}

const probed = (name: string, probe: Probe): Promise<Finding> =>
  looked(name, 'Check the base URL and the network.', async () => findingOf(name, await probe()));

function findingOf(name: string, answer: Answer<unknown>): Finding {
  if (answer.kind === 'not_offered')
    return off(name, 'this account is not given them', 'Nothing: the phase reports not_offered.');
  if (answer.kind !== 'failed') return good(name, 'answers');
  const { code, message } = answer.failure;
  return bad(
    name,
    `${code}: ${message}`,
    code === 'UNAUTHORIZED' ? 'Correct the credentials.' : 'See docs/failures.md.',
  );
}
