import { describe, expect, test } from 'vitest';
import { plainKey, wordKeys } from '#providers/mlc/bulk/keys.ts';
import { BULK_FILES, placesOf, rowOf, valuesOf } from '#providers/mlc/bulk/layout.ts';
import { linesFrom } from '#providers/mlc/bulk/lines.ts';
import type { BulkShare, BulkWork } from '#providers/mlc/bulk/store.ts';
import { bulkWorkFacts } from '#providers/mlc/bulk/work.ts';

async function* chunksOf(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (text: string, size: number) => {
  const all: { lines: readonly string[]; end: number }[] = [];
  for await (const one of linesFrom(chunksOf(text, size))) all.push(one);
  return all;
};

describe('the lines of a feed', () => {
  test.each([1, 2, 3, 5, 100])('are the same in chunks of %i bytes, and end where their bytes end', async (size) => {
    const text = 'ein\tLäd\n李健\t\n\nlast';
    const read1 = await read(text, size);
    expect(read1.flatMap(({ lines }) => lines)).toEqual(['ein\tLäd', '李健\t', '', 'last']);
    expect(read1.at(-1)?.end).toBe(Buffer.byteLength(text));
    for (const { end } of read1.slice(0, -1)) expect(Buffer.from(text)[end - 1]).toBe(0x0a);
  });
});

describe('the columns of a feed', () => {
  const { columns } = BULK_FILES.works;

  test('stand where the header says, in either version of the standard', () => {
    const header = '#WorkTitle\tFeedProvidersWorkId\tISWC';
    expect(rowOf('T\tW1\tT-1', placesOf(columns.slice(0, 3), header))).toEqual(['W1', 'T-1', 'T']);
  });

  test('stand where BWARM 2.0 has them when no header names them', () => {
    const line = 'W1\t\tTitle\ten\t\t\t\ttrue\r';
    expect(rowOf(line, placesOf(columns, line))).toEqual(['W1', null, 'Title', 'true']);
  });

  test('of a line that ends early are absent, and an empty line is no row', () => {
    expect(rowOf('W1\tT-1', placesOf(columns, ''))).toEqual(['W1', 'T-1', null, null]);
    expect(rowOf('', placesOf(columns, ''))).toBeNull();
  });

  test('may hold several values', () => {
    expect([valuesOf('a|b'), valuesOf('a\\|b'), valuesOf(null)]).toEqual([['a', 'b'], ['a|b'], []]);
  });
});

describe('keys of a feed', () => {
  test.each([
    ['Die Brücke!', 'DIE BRUCKE'],
    ["Don't Stop", 'Dont stop'],
    ['李健', '李健'],
  ])('%s and %s are found under one', (one, other) => expect(plainKey(one)).toBe(plainKey(other)));

  test('keep scripts apart and are never empty', () => {
    expect(plainKey('がく')).not.toBe(plainKey('かく'));
    expect(plainKey('!!!')).toBe('!!!');
    expect(wordKeys('Иван Петров')).toEqual(['иван', 'петров']);
  });
});

describe('a work of a feed', () => {
  const party = (name: string, ipi: string | null = null) => ({ id: name, ipi, name, before: null, keyName: null });
  const share = (id: string, name: string, over: Partial<BulkShare> = {}): BulkShare => ({
    id,
    role: null,
    percent: null,
    type: null,
    preceding: null,
    party: party(name),
    ...over,
  });
  const writer = share('w', 'ADA EXAMPLE', { role: 'Composer', type: 'MusicalWorkManuscriptShare' });
  const owner = share('p', 'Big Songs', { role: 'OriginalPublisher', percent: '0', type: 'OriginalPublisherShare' });
  const work = (...shares: BulkShare[]): BulkWork => ({
    id: 'W1',
    iswc: 'T1',
    title: 'SONG',
    disputed: 'false',
    titles: ['LIED'],
    shares,
  });

  test('has its writers, and its owner with the share that its administrators collect', () => {
    const admin = share('a', 'Collector', { role: 'RightsAdministrator', percent: '60', preceding: 'p' });
    const second = share('b', 'Sub Collector', { role: 'RightsAdministrator', percent: '5', preceding: 'a' });
    expect(bulkWorkFacts(work(writer, owner, admin, second))).toEqual({
      songCode: 'W1',
      iswc: 'T1',
      title: 'SONG',
      akas: ['LIED'],
      disputed: false,
      writers: [{ id: 'ADA EXAMPLE', name: 'ADA EXAMPLE', ipi: null, roleCode: 'Composer' }],
      publishers: [
        {
          name: 'Big Songs',
          ipi: null,
          roleCode: 'E',
          share: 60,
          administrators: [
            { name: 'Collector', ipi: null },
            { name: 'Sub Collector', ipi: null },
          ],
          parents: [],
        },
      ],
    });
  });

  test('lists who collects for a writer as one who only collects: no owner', () => {
    const admin = share('a', 'Collector', { role: 'RightsAdministrator', percent: '100', preceding: 'w' });
    expect(bulkWorkFacts(work(writer, admin)).publishers).toMatchObject([{ name: 'Collector', roleCode: 'AM' }]);
  });

  test('ends where shares run in a ring, and knows a dispute', () => {
    const one = share('a', 'One', { role: 'RightsAdministrator', preceding: 'b|p' });
    const two = share('b', 'Two', { role: 'RightsAdministrator', preceding: 'a' });
    const facts = bulkWorkFacts({ ...work(owner, one, two), disputed: 'TRUE' });
    expect([facts.disputed, facts.publishers[0]?.administrators.map(({ name }) => name)]).toEqual([
      true,
      ['One', 'Two'],
    ]);
  });
});
