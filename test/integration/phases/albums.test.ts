import { expect, test } from 'vitest';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { creditsStage } from '#phases/credits/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import type { PageReader } from '#providers/web-player/page.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { noHttp, providerPorts } from '#test/support/providers.ts';
import { AT, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { anAnswerOf, aVisit, COMPOSER, creditsJson, trackJson } from '#test/support/web-player.ts';
import type { TrackEvent } from '#track/event.ts';

const ALBUMS = 20;
const TRACKS = 10;
const TABS = 2;
const all = Array.from({ length: ALBUMS * TRACKS }, (_, at) => trackId(at + 1));
const albumOf = (id: string): readonly string[] => {
  const first = Math.floor(all.indexOf(id) / TRACKS) * TRACKS;
  return all.slice(first, first + TRACKS);
};

/** A browser with two tabs whose pages tell their track and the counts of its album, some time after they were asked for. */
function aBrowser() {
  const pages: { readonly id: string; readonly credits: boolean }[] = [];
  const waiting: (() => void)[] = [];
  let free = TABS;
  const place = async (): Promise<void> => {
    if (free === 0) await new Promise<void>((next) => waiting.push(next));
    else free -= 1;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const visitOf = (id: string) => {
    const uri = `spotify:track:${id}`;
    const items = albumOf(id).map((one) => ({ track: { uri: `spotify:track:${one}`, playcount: '7' } }));
    return aVisit({
      answers: [
        anAnswerOf('getTrack', trackJson({ uri, playcount: '7' }), { uri }),
        anAnswerOf('getAlbum', { data: { albumUnion: { tracksV2: { items } } } }, { uri: 'spotify:album:x' }),
        anAnswerOf('queryTrackCreditsGroupedModal', creditsJson([COMPOSER]), { uri }),
      ],
    });
  };
  const reader: PageReader = async ({ url, credits, admit }) => {
    await place();
    try {
      // A tab takes time to open, too.
      await new Promise((opened) => setImmediate(opened));
      const refusal = await admit();
      if (refusal !== null) return { status: null, retryAfter: null, answers: [], dom: null, trouble: refusal };
      const id = url.slice(-22);
      pages.push({ id, credits });
      await new Promise((read) => setImmediate(read));
      return visitOf(id);
    } finally {
      leave();
    }
  };
  return { reader, pages };
}

test('200 tracks of 20 albums cost a page each for their credits, and one or two an album when their counts have aged', async () => {
  let now = AT;
  const { reader, pages } = aBrowser();
  const governor = memoryGovernor({ 'web-player': { perSecond: 1_000_000, burst: 1_000_000 } }, () => now);
  const ports = providerPorts(noHttp, { governor, now: () => now });
  const stage = creditsStage(webPlayerClient({ webUrl: 'https://pages.example' }, { ...ports, reader }), PACE);
  const pass = async (events: readonly TrackEvent[]): Promise<readonly TrackEvent[]> => {
    pages.splice(0);
    const outcomes = await stage.handle(
      events.map((event) => aMessage(event)),
      aContext({ now }),
    );
    return outcomes.flatMap((outcome) => (outcome.kind === 'forward' ? [outcome.event] : []));
  };

  const read = await pass(all.map((id) => aTrackEvent({ trackId: id })));
  expect(pages.map(({ id }) => id).toSorted()).toEqual(all.toSorted());
  expect(pages.every(({ credits }) => credits)).toBe(true);

  now += 2 * 86_400_000;
  const again = await pass(read);
  expect(again.map(({ sections }) => sections.credits.streams)).toEqual(
    all.map((id) => ({ value: { playCount: 7 }, provider: 'web-player', fetchedAt: now, askedBy: `track:${id}` })),
  );
  // Both tabs may be at an album at once.
  expect(pages.length).toBeLessThanOrEqual(ALBUMS * TABS);
  expect(pages.some(({ credits }) => credits)).toBe(false);
});
