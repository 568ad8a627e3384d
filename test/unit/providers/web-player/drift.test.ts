import { expect, test } from 'vitest';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import type { PageVisit } from '#providers/web-player/page.ts';
import { failure } from '#stream/failure.ts';
import { anAsking, noHttp, providerPorts } from '#test/support/providers.ts';
import { AT, trackId } from '#test/support/tracks.ts';
import {
  aDialog,
  aDomReading,
  anAnswerOf,
  aVisit,
  creditsJson,
  fakeReader,
  trackJson,
} from '#test/support/web-player.ts';

const getTrack = anAnswerOf('getTrack', trackJson());
const dom = aDomReading({ dialog: aDialog() });

/** What the watch is told of a page: how many were counted, and which fields were not as they should be. */
async function toldOf(visit: PageVisit) {
  let pages = 0;
  const fields: string[] = [];
  const contract = {
    checked: (_: string, kind: string, answers: number) => {
      if (kind === 'page') pages += answers;
    },
    mismatched: ({ kind, field }: { readonly kind: string; readonly field: string }) => {
      if (kind === 'page') fields.push(field);
    },
  };
  const governor = memoryGovernor({ 'web-player': { perSecond: 1_000, burst: 100 } }, () => AT);
  const ports = { ...providerPorts(noHttp, { governor, contract }), reader: fakeReader(() => visit).reader };
  await webPlayerClient({ webUrl: 'https://player.example.org' }, ports).credits(trackId(), anAsking());
  return { pages, fields };
}

test.each([
  ['a page whose JSON reads is counted, and nothing is amiss', aVisit(), { pages: 1, fields: [] }],
  ['credits from the dialog are told', aVisit({ answers: [getTrack], dom }), { pages: 1, fields: ['json'] }],
  ['a dialog that names others than the JSON is told', aVisit({ dom }), { pages: 1, fields: ['people'] }],
  [
    'a dialog that names people where the JSON names nobody is told as both',
    aVisit({ answers: [getTrack, anAnswerOf('credits', creditsJson([]))], dom }),
    { pages: 1, fields: ['json', 'people'] },
  ],
  ['a page that neither reading reads is told', aVisit({ answers: [getTrack] }), { pages: 1, fields: ['credits'] }],
  [
    'a page that was cut short says nothing of its layout',
    aVisit({ answers: [getTrack], trouble: failure('TIMEOUT', 'too slow') }),
    { pages: 0, fields: [] },
  ],
])('%s', async (_, visit, expected) => {
  expect(await toldOf(visit)).toEqual(expected);
});
