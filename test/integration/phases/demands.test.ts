import { describe, expect, test } from 'vitest';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { type Clients, stagesOf } from '#phases/stages.ts';
import type { Answer } from '#providers/answer.ts';
import type { FoundTrack } from '#providers/chartmetric/read.ts';
import type { TrackFacts } from '#providers/spotify/facts.ts';
import { failure } from '#stream/failure.ts';
import type { Message } from '#stream/message.ts';
import type { Stage } from '#stream/stage.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aWork } from '#test/support/mlc.ts';
import { found, inTrouble, notFound } from '#test/support/provider-world.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { someAlbum, someArtist, someCore, someFeatures, spotifyId } from '#test/support/spotify.ts';
import { AT, aRawTrack } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import type { RawTrack } from '#track/raw.ts';
import { summaryOf } from '#track/resolve.ts';

/**
 * What the owners of the prior system asked for, by its name there, and what that system got wrong: whole tracks through all five
 * phases. What needs real services stands under the same names beside them.
 */

const DAY = 86_400_000;
const STREAMS = 5_012_345_678;

const measured: FoundTrack = {
  statistics: {
    streams: STREAMS + 1,
    popularity: 0,
    playlists: 1,
    editorialPlaylists: 0,
    playlistReach: 0,
    youtubeViews: 3_000_000_000,
    shazams: null,
    tiktoks: null,
    streamsWeeklyChange: 70,
    streamsWeeklyChangePercent: 7,
  },
  profile: {
    score: 1,
    trackStage: 'mid-level',
    careerHealth: null,
    genres: [],
    moods: [],
    activities: [],
    songwriters: [],
    label: null,
    releaseDate: null,
  },
};

type Answers = {
  tracks: Answer<TrackFacts>;
  label: string;
  credits: (key: string) => Answer<never> | 'there';
  publishing: Answer<never> | 'there';
  analytics: Answer<FoundTrack>;
};

/** Five providers that know every track, but for what a test says; and how often each was asked. */
function providers(over: Partial<Answers> = {}) {
  const tracks = fakeLookup(() => over.tracks ?? found({ core: someCore, popularity: 0, notOffered: [] }));
  const albums = fakeLookup(() =>
    found({ album: { ...someAlbum, label: over.label ?? someAlbum.label }, notOffered: [] }),
  );
  const artists = fakeLookup(() => found({ artist: someArtist, notOffered: [] }));
  const features = fakeLookup(() => found(someFeatures));
  const ada = {
    name: 'Ada Example',
    artistUri: null,
    roles: [{ given: 'Composer', group: null, role: 'composer' as const }],
  };
  const facts = { people: { contributors: [ada], reading: 'json' as const }, source: { names: [] } };
  const credits = fakeLookup((key) => {
    const said = over.credits?.(key) ?? 'there';
    return said === 'there' ? found(facts) : said;
  });
  const streams = fakeLookup((key) => {
    const said = over.credits?.(key) ?? 'there';
    return said === 'there' ? found({ playCount: STREAMS }) : said;
  });
  const published = over.publishing ?? 'there';
  const recordings = fakeLookup(() => (published === 'there' ? found({ songCodes: ['AB1234'] }) : published));
  const works = fakeLookup(() => found(aWork()));
  const isrcs = fakeLookup(() => found(7));
  const measures = fakeLookup(() => over.analytics ?? found(measured));
  const nothing = fakeLookup<never>(() => notFound);
  const clients: Clients = {
    spotify: {
      tracks: tracks.lookup,
      albums: albums.lookup,
      artists: artists.lookup,
      features: features.lookup,
      profile: () => 'extended',
      shownProfile: () => 'extended',
    },
    webPlayer: { credits: credits.lookup, streams: streams.lookup },
    mlc: { provider: 'mlc', recordings: recordings.lookup, works: works.lookup, songs: async () => notFound },
    musicbrainz: {
      recordingsByIsrc: async () =>
        found([{ id: 'rec', title: 'Track 01', lengthMs: null, artists: [{ id: 'mb-ada', name: 'Ada Example' }] }]),
      recordingsByTrack: nothing.lookup,
      recordingsById: nothing.lookup,
      worksByRecording: nothing.lookup,
      artistsByIpi: nothing.lookup,
      artistsByName: nothing.lookup,
      linksByArtist: async () => found([{ type: 'official homepage', url: 'https://ada.example/' }]),
    },
    reccobeats: null,
    chartmetric: {
      idByIsrc: isrcs.lookup,
      idBySpotify: isrcs.lookup,
      track: (id, a) => measures.lookup(String(id), a),
    },
  };
  const asked = () => ({
    spotify: tracks.asked.length + albums.asked.length,
    credits: credits.asked.length + streams.asked.length,
    publishing: recordings.asked.length,
    analytics: measures.asked.length,
  });
  return { clients, asked };
}

/** One stage as the engine drives it: what may pass is given up, what throws is a bug; the event goes on either way. */
async function step<In>(stage: Stage<In, TrackEvent>, message: Message<In>, now: number): Promise<TrackEvent> {
  const context = aContext({ now });
  try {
    const [outcome] = await stage.handle([message], context);
    if (outcome !== undefined && 'event' in outcome) return outcome.event;
    if (outcome?.kind === 'retry') return stage.giveUp(message, outcome.failure, context);
    throw new Error(`no event: ${JSON.stringify(outcome)}`);
  } catch (error) {
    return stage.giveUp(message, failure('BUG', String(error)), context);
  }
}

/** A raw track through the whole chain. */
async function chain(clients: Clients, raw: Partial<RawTrack> = {}, now = AT): Promise<TrackEvent> {
  const stages = stagesOf(clients, { pace: PACE, writers: 3 });
  let event = await step(stages.spotify, aMessage(aRawTrack({ track: spotifyId(), observedAt: now, ...raw })), now);
  for (const stage of [stages.credits, stages.publishing, stages.links, stages.analytics])
    event = await step(stage, aMessage(event), now);
  return event;
}

const statuses = ({ reports }: TrackEvent) => PHASES.map((phase) => reports[phase]?.status);
const ALL = ['enriched', 'enriched', 'enriched', 'enriched', 'enriched'];

/** The event as `tracks.complete` carries it. */
async function written(event: TrackEvent): Promise<TrackEvent> {
  const codec = memoryCodec();
  const bytes = await codec.encode('tracks.complete', event);
  if (!bytes.ok) throw new Error(bytes.failure.message);
  const back = await codec.decode('tracks.complete', bytes.value);
  if (!back.ok) throw new Error(back.failure.message);
  return back.value as TrackEvent;
}

describe('F3: if one phase fails, all the others still run', () => {
  test('Spotify in trouble: credits, publishing, links and analytics are there', async () => {
    const event = await chain(providers({ tracks: inTrouble('PROVIDER_DOWN') }).clients, { isrc: 'USUM71900764' });
    expect(statuses(event)).toEqual(['failed', 'enriched', 'enriched', 'enriched', 'enriched']);
  });

  test('Spotify in trouble and no ISRC from elsewhere: phases that need one say so, and claim nothing', async () => {
    const event = await chain(providers({ tracks: inTrouble('PROVIDER_DOWN'), credits: () => notFound }).clients);
    expect(statuses(event)).toEqual(['failed', 'not_found', 'not_yet', 'not_yet', 'enriched']);
    expect(event.sections.publishing).toEqual({ work: null, status: null });
  });

  test.each([
    ['credits', { credits: () => inTrouble('BROWSER') }],
    ['publishing', { publishing: inTrouble('TIMEOUT') }],
    ['analytics', { analytics: inTrouble('UNPARSEABLE') }],
  ] as const)('%s in trouble: it alone says failed', async (phase, over) => {
    const event = await chain(providers(over).clients);
    expect(statuses(event)).toEqual(PHASES.map((one) => (one === phase ? 'failed' : 'enriched')));
  });
});

describe('F5: every fetch method is enriched in full', () => {
  test.each(['chartmetric', 'spotify_api', 'network_capture', 'import', 'unknown'] as const)(
    '%s',
    async (fetchMethod) => {
      const event = await chain(providers().clients, { fetchMethod });
      expect([statuses(event), event.raw.fetchMethod]).toEqual([ALL, fetchMethod]);
    },
  );
});

describe('F7: what goes on fits its schema', () => {
  test('a whole track is the same after Avro', async () => {
    const event = await chain(providers().clients);
    expect(await written(event)).toEqual(event);
  });
});

describe('regression: phase 2 crash', () => {
  test('the reader of pages throws: the track goes on, everything else is there', async () => {
    const { clients } = providers({
      credits: () => {
        throw new Error('the parser is broken');
      },
    });
    const event = await chain(clients);
    expect(statuses(event)).toEqual(['enriched', 'failed', 'enriched', 'enriched', 'enriched']);
    expect(event.reports.credits?.code).toBe('BUG');
  });

  test('all phases failing is not called enriched', async () => {
    const { clients } = providers({
      tracks: inTrouble(),
      credits: () => inTrouble(),
      publishing: inTrouble(),
      analytics: inTrouble(),
    });
    const event = await chain({ ...clients, musicbrainz: null }, { isrc: 'USUM71900764' });
    expect(statuses(event)).toEqual(['failed', 'failed', 'failed', 'off', 'failed']);
    expect(event.summary?.publisherStatus).toBeNull();
  });
});

describe('regression: already-complete track untouched', () => {
  test('a second pass is known everywhere, asks nobody and changes no part', async () => {
    const { clients, asked } = providers();
    const first = await chain(clients);
    const before = asked();
    const again = await chain(clients, { prior: first.sections }, AT + 3_600_000);
    expect(statuses(again)).toEqual(['known', 'known', 'known', 'known', 'known']);
    expect([asked(), again.sections]).toEqual([before, first.sections]);
  });
});

describe('regression: WoW refresh', () => {
  test('the numbers of a complete track are measured again the next day, and nothing else is asked', async () => {
    const { clients } = providers();
    const first = await chain(clients);
    const change = { streamsWeeklyChange: -5, streamsWeeklyChangePercent: -0.5 };
    const statistics = measured.statistics && { ...measured.statistics, streams: STREAMS + 900, ...change };
    const later = providers({ analytics: found({ ...measured, statistics }, AT + 2 * DAY) });
    const again = await chain(later.clients, { prior: first.sections }, AT + 2 * DAY);
    expect(again.sections.analytics.statistics?.value).toMatchObject(change);
    expect(again.summary?.streams).toMatchObject({ value: STREAMS + 900, source: 'analytics.statistics' });
    expect([later.asked().publishing, again.reports.publishing?.status]).toEqual([0, 'known']);
  });
});

describe('regression: streams > 2^31', () => {
  test('counts stay whole through every phase, the summary and the bytes of the topic', async () => {
    const event = await written(await chain(providers().clients));
    expect([event.sections.credits.streams?.value.playCount, event.summary?.streams?.value]).toEqual([
      STREAMS,
      STREAMS,
    ]);
    expect(event.summary?.youtubeViews?.value).toBe(3_000_000_000);
  });
});

describe('regression: popularity 0', () => {
  test('is a fact: it is written, resolved, and not asked for again', async () => {
    const { clients, asked } = providers();
    const event = await written(await chain(clients));
    expect(event.summary?.popularity).toMatchObject({ value: 0, source: 'spotify.popularity' });
    const before = asked().spotify;
    await chain(clients, { prior: event.sections }, AT + 1_000);
    expect(asked().spotify).toBe(before);
  });
});

describe('regression: empty genres', () => {
  test('are an answer: the artists are known and not asked for again', async () => {
    const { clients, asked } = providers();
    const event = await chain(clients);
    expect(event.sections.spotify.artists?.value.artists[0]?.genres).toEqual([]);
    const before = asked().spotify;
    expect((await chain(clients, { prior: event.sections }, AT + 1_000)).reports.spotify?.status).toBe('known');
    expect(asked().spotify).toBe(before);
  });
});

describe('regression: 101+ tracks', () => {
  test('all 130 of one batch get credits and counts; none is reported as looked at and empty', async () => {
    const { clients } = providers({ credits: (key) => (key.endsWith('0') ? notFound : 'there') });
    const { credits, spotify } = stagesOf(clients, { pace: PACE, writers: 3 });
    const ids = Array.from({ length: 130 }, (_, n) => spotifyId(n));
    const first = await spotify.handle(
      ids.map((track) => aMessage(aRawTrack({ track }))),
      aContext(),
    );
    const events = first.flatMap((outcome) => ('event' in outcome ? [aMessage(outcome.event)] : []));
    const outcomes = await credits.handle(events, aContext());
    const said = outcomes.map((outcome) => ('event' in outcome ? outcome.event.reports.credits?.status : outcome.kind));
    expect(said).toEqual(ids.map((id) => (id.endsWith('0') ? 'not_found' : 'enriched')));
  });
});

describe('regression: duplicate track in one batch', () => {
  test('both records of a track get everything', async () => {
    const { spotify } = stagesOf(providers().clients, { pace: PACE, writers: 3 });
    const one = aMessage(aRawTrack({ track: spotifyId() }));
    const outcomes = await spotify.handle([one, aMessage(aRawTrack({ track: spotifyId(2) })), one], aContext());
    const isrcs = outcomes.map((outcome) => 'event' in outcome && outcome.event.sections.spotify.core?.value.isrc);
    expect(isrcs).toEqual([someCore.isrc, someCore.isrc, someCore.isrc]);
  });
});

describe('regression: Chartmetric 401/429/500', () => {
  test.each([
    ['401', 'UNAUTHORIZED'],
    ['429', 'RATE_LIMITED'],
    ['500', 'PROVIDER_ERROR'],
  ] as const)('%s is neither "not found" nor for ever, and takes no count away', async (_, code) => {
    const event = await chain(providers({ analytics: inTrouble(code) }).clients);
    expect([event.reports.analytics?.status, event.reports.analytics?.code]).toEqual(['failed', code]);
    expect(event.summary?.streams?.value).toBe(STREAMS);
    const mended = await chain(providers().clients, { prior: event.sections }, AT + 1_000);
    expect(mended.reports.analytics?.status).toBe('enriched');
  });

  test('a popularity can never land in streams', async () => {
    const statistics = measured.statistics && { ...measured.statistics, streams: null, popularity: 42 };
    const clients = providers({ analytics: found({ ...measured, statistics }), credits: () => notFound }).clients;
    expect((await chain(clients)).summary?.streams).toBeNull();
  });
});

describe('regression: label "Canada Sounds"', () => {
  test.each(['Canada Sounds', 'Adam Smith', 'Remix Collective', 'Island Vibes', 'UMG Recordings', 'System Recordings'])(
    '%s is kept as given, and decides nothing',
    async (label) => {
      const event = await chain(providers({ label }).clients);
      const plain = await chain(providers().clients);
      expect(event.summary?.label).toMatchObject({ value: label, source: 'spotify.album' });
      expect({ ...event.summary, label: null }).toEqual({ ...plain.summary, label: null });
    },
  );
});

describe('regression: non-Latin names', () => {
  test.each(['李健', 'Иван Петров', '방탄소년단', 'Ῥόδον', 'محمد عبده', 'José González', 'Björk'])(
    '%s goes through every phase as given',
    async (name) => {
      const event = await written(await chain(providers().clients, { name, artists: [name, `${name} & 友`] }));
      expect([event.raw.name, event.raw.artists]).toEqual([name, [name, `${name} & 友`]]);
      const { spotify: _, ...without } = event.sections;
      const summary = summaryOf({
        ...event,
        sections: { ...without, spotify: { ...event.sections.spotify, core: null } },
      });
      expect(summary.name).toMatchObject({ value: name, source: 'raw' });
    },
  );
});
