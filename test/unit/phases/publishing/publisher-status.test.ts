import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatusQuestion } from '#phases/publishing/case.ts';
import { publisherStatusOf } from '#phases/publishing/publisher-status.ts';
import { aPublisher, aWork, aWriter } from '#test/support/mlc.ts';

const known = (name: string, ipi: string | null = null) => ({ name, ipi });
const ask = (over: Partial<StatusQuestion> = {}) =>
  publisherStatusOf({ work: aWork(), writers: [known('Ada Example')], doubts: [], disputed: false, ...over });

const ADA = aWriter('ADA EXAMPLE', { ipi: '00123456789' });
const BO = aWriter('BO SAMPLE', { ipi: '00987654321' });
const of = (...publishers: ReturnType<typeof aPublisher>[]) => ask({ work: aWork({ writers: [ADA, BO], publishers }) });
const statusesOf = ({ writers }: ReturnType<typeof ask>) => writers.map(({ status }) => status);

describe('row: no ISRC match and no title+writer match → unregistered', () => {
  test('and nothing else is said', () => {
    expect(ask({ work: null })).toEqual({
      status: 'unregistered',
      writers: [],
      partial: false,
      adminOnly: false,
      judgedWith: ['Ada Example'],
      evidence: ['The MLC has no work matched to a recording of this ISRC, and none by this title and these writers.'],
    });
  });
});

describe('row: match found but no writer overlaps our writers → ambiguous', () => {
  test('rolled up and for each writer, even where shares or publishers would say something else', () => {
    const publishers = [aPublisher('Big Songs', 100), aPublisher('Other Songs', 50)];
    const answer = ask({ writers: [known('Somebody Else')], work: aWork({ writers: [ADA, BO], publishers }) });
    expect([answer.status, statusesOf(answer)]).toEqual(['ambiguous', ['ambiguous', 'ambiguous']]);
  });

  test('an IPI in common is an overlap, whatever the names', () => {
    expect(ask({ writers: [known('DJ Stage', '123456789')], work: aWork({ writers: [ADA] }) }).status).toBe('signed');
  });

  test('a name in common with another IPI is none', () => {
    expect(ask({ writers: [known('Ada Example', '555555')], work: aWork({ writers: [ADA] }) }).status).toBe(
      'ambiguous',
    );
  });

  test('one of several is enough', () => {
    expect(ask({ writers: [known('Somebody Else'), known('Ada Example')] }).status).toBe('signed');
  });

  test('while no writer of the track is known, the match is believed', () => {
    expect(ask({ writers: [] }).status).toBe('signed');
  });

  test('a doubt whether it is the song makes it ambiguous too', () => {
    const answer = ask({ doubts: ['It may be another song.'] });
    expect([answer.status, answer.evidence.at(-1)]).toEqual(['ambiguous', 'It may be another song.']);
  });
});

describe('row: dispute flag, or Σ collectionShare > 100 + ε → disputed', () => {
  test('by shares, before any publisher is looked at, and for each writer', () => {
    const answer = of(aPublisher('Ada Example Music', 100), aPublisher('Bo Sample Music', 50));
    expect([answer.status, statusesOf(answer), answer.partial]).toEqual(['disputed', ['disputed', 'disputed'], false]);
  });

  test('by shares, also when a share is not stated', () => {
    expect(of(aPublisher('Big', 80), aPublisher('Other', 40), aPublisher('Third', null)).status).toBe('disputed');
  });

  test('by flag', () => expect(ask({ disputed: true })).toMatchObject({ status: 'disputed' }));

  test('what administrators collect is not counted a second time', () => {
    expect(of(aPublisher('Big Songs', 100), aPublisher('Collector', 100, { roleCode: 'AM' })).status).toBe('signed');
  });

  test.each([100.01, 100.5])('%d is rounding', (share) => expect(of(aPublisher('Big', share)).status).toBe('signed'));
  test('100.6 is not', () => expect(of(aPublisher('Big', 100.6)).status).toBe('disputed'));
});

describe('row: work found, no publishers → unsigned', () => {
  test('and each writer too', () => {
    const answer = of();
    expect([answer.status, statusesOf(answer), answer.adminOnly]).toEqual([
      'unsigned',
      ['unsigned', 'unsigned'],
      false,
    ]);
  });

  test.each(['AM', 'am', 'SE', 'PA'])('those who only collect (%s) are none: admin only', (roleCode) => {
    expect(of(aPublisher('Collector', 100, { roleCode }))).toMatchObject({ status: 'unsigned', adminOnly: true });
  });
});

describe("row: every original publisher is the writer's own company → self_published", () => {
  const chain = (...names: readonly string[]) => names.map((name) => ({ name, ipi: null }));

  test.each([
    ['by name', aPublisher('Ada Example Music Publishing Ltd.', 100)],
    ['by name with a designee', aPublisher('ADA EXAMPLE PUBLISHING DESIGNEE', 100)],
    ['by IPI', aPublisher('Moonlit Door', 100, { ipi: '123456789' })],
    ['by administering itself', aPublisher('Moonlit Door', 100, { administrators: chain('Ada Example') })],
    [
      'by a chain of administrators',
      aPublisher('Moonlit Door', 100, { administrators: chain('House', 'Ada Example') }),
    ],
  ])('told %s, and its writer too', (_, company) => {
    const answer = ask({ work: aWork({ writers: [ADA], publishers: [company] }) });
    expect([answer.status, statusesOf(answer)]).toEqual(['self_published', ['self_published']]);
  });

  test('with an administrator from outside: admin only', () => {
    const company = aPublisher('Ada Example Music', 100, {
      administrators: [{ name: 'Collector', ipi: '00000099900' }],
    });
    expect(of(company)).toMatchObject({ status: 'self_published', adminOnly: true });
  });

  test('administered by its writer alone: not admin only', () => {
    expect(of(aPublisher('Moonlit Door', 100, { administrators: chain('Ada Example') })).adminOnly).toBe(false);
  });

  test('each writer with a company is self_published; of the others nothing is known', () => {
    expect(statusesOf(of(aPublisher('Ada Example Music', 50)))).toEqual(['self_published', 'unknown']);
  });

  test('a company with another IPI and name is nobody’s own', () => {
    expect(of(aPublisher('Adaptation Music', 100, { ipi: '1234567890' })).status).toBe('signed');
  });
});

describe('row: one original publisher group, Σ ≈ 100 → signed', () => {
  const group = { name: 'Group', ipi: '00000055500' };

  test('and each writer too', () => {
    const answer = of(aPublisher('Big Songs', 100));
    expect([answer.status, statusesOf(answer), answer.partial]).toEqual(['signed', ['signed', 'signed'], false]);
  });

  test('an administrator of a publisher changes nothing: it is no owner', () => {
    expect(of(aPublisher('Big Songs', 100, { administrators: [group] }))).toMatchObject({
      status: 'signed',
      adminOnly: false,
    });
  });

  test.each([
    ['of one parent', [aPublisher('One', 50, { parents: [group] }), aPublisher('Two', 50, { parents: [group] })]],
    [
      'where one is the parent of the other',
      [aPublisher('Group', 40, { ipi: '55500' }), aPublisher('One', 60, { parents: [group] })],
    ],
    [
      'with a common grandparent',
      [
        aPublisher('One', 50, { parents: [{ name: 'House A', ipi: null }, group] }),
        aPublisher('Two', 50, { parents: [{ name: 'House B', ipi: null }, group] }),
      ],
    ],
    [
      'of one IPI with and without zeros',
      [aPublisher('One', 50, { ipi: '00000777000' }), aPublisher('Uno', 50, { ipi: '777000' })],
    ],
    [
      'of one name where an IPI is lacking',
      [aPublisher('One Songs', 50, { ipi: '00000777000' }), aPublisher('ONE SONGS', 50)],
    ],
  ])('publishers %s are one group, in any order', (_, publishers) => {
    expect(of(...publishers).status).toBe('signed');
    expect(of(...publishers.toReversed()).status).toBe('signed');
  });

  test('a share that is not stated is neither partial nor disputed', () => {
    expect(of(aPublisher('Big Songs', null))).toMatchObject({ status: 'signed', partial: false });
    expect(of(aPublisher('Big Songs', 40), aPublisher('Big Songs', null))).toMatchObject({ partial: false });
  });
});

describe('row: ≥ 2 groups, or some writers with and some without a publisher → split', () => {
  test('two groups, and nobody guesses whose writer is whose', () => {
    const answer = of(aPublisher('Big Songs', 50), aPublisher('Other Songs', 50));
    expect([answer.status, statusesOf(answer)]).toEqual(['split', ['unknown', 'unknown']]);
  });

  test('two companies of one name with different IPIs are two groups', () => {
    expect(of(aPublisher('One', 50, { ipi: '777000' }), aPublisher('One', 50, { ipi: '888000' })).status).toBe('split');
  });

  test('an own company beside a publisher: its owner is self_published', () => {
    const answer = of(aPublisher('Ada Example Music', 50), aPublisher('Big Songs', 50));
    expect([answer.status, statusesOf(answer)]).toEqual(['split', ['self_published', 'unknown']]);
  });

  test('one writer with two publishers is split himself', () => {
    const publishers = [aPublisher('Ada Example Music', 50), aPublisher('Big Songs', 50)];
    expect(statusesOf(ask({ work: aWork({ writers: [ADA], publishers }) }))).toEqual(['split']);
  });
});

describe('row: Σ collectionShare < 100 - ε → flag partial', () => {
  test('beside signed, and of several writers none is called signed', () => {
    const answer = of(aPublisher('Big Songs', 60));
    expect([answer.status, answer.partial, statusesOf(answer)]).toEqual(['signed', true, ['unknown', 'unknown']]);
  });

  test('beside signed, the only writer is signed', () => {
    const answer = ask({ work: aWork({ publishers: [aPublisher('Big Songs', 60)] }) });
    expect([answer.partial, statusesOf(answer)]).toEqual([true, ['signed']]);
  });

  test('beside split and self_published', () => {
    expect(of(aPublisher('One', 30), aPublisher('Two', 30))).toMatchObject({ status: 'split', partial: true });
    expect(of(aPublisher('Ada Example Music', 30))).toMatchObject({ status: 'self_published', partial: true });
  });

  test('thirds that add up to 99.99 are whole', () => {
    expect(of(...['One', 'Two', 'Three'].map((name) => aPublisher(name, 33.33))).partial).toBe(false);
  });
});

describe('the evidence', () => {
  test('says what the status was read from', () => {
    expect(ask().evidence).toEqual([
      'Work AB1234 "EXAMPLE SONG" has 1 writer and 1 original publisher.',
      'They are 1 group; 0 of them belong to writers of the work.',
      'Shares add up to 100 %.',
      '1 of 1 known writer wrote the work.',
    ]);
  });

  test('names administrators, unstated shares, and that nobody could be compared', () => {
    const administrators = [{ name: 'Collector', ipi: null }];
    const publishers = [aPublisher('Ada Example Music', 50, { administrators }), aPublisher('Big Songs', null)];
    expect(ask({ writers: [], disputed: true, work: aWork({ writers: [ADA, BO], publishers }) }).evidence).toEqual([
      'Work AB1234 "EXAMPLE SONG" has 2 writers and 2 original publishers.',
      'They are 2 groups; 1 of them belong to writers of the work.',
      "Others administer 1 of the writers' own.",
      'Those shares that are stated add up to 50 %.',
      'No writer is known from elsewhere to compare with.',
      'The work is flagged as disputed.',
    ]);
  });
});

describe('the table as a whole', () => {
  const party = fc.record({
    name: fc.constantFrom('Big Songs', 'BIG SONGS', 'Other', 'Ada Example Music', 'Bo Sample'),
    ipi: fc.constantFrom(null, '00000111000', '111000', '00123456789'),
  });
  const publishers = fc.array(
    fc.record({
      base: party,
      share: fc.constantFrom(null, 25, 50, 100),
      roleCode: fc.constantFrom('E', 'AM', null),
      administrators: fc.array(party, { maxLength: 2 }),
      parents: fc.array(party, { maxLength: 2 }),
    }),
    { maxLength: 5 },
  );
  const listed = publishers.map((all) =>
    all.map(({ base, share, ...rest }) => aPublisher(base.name, share, { ...base, ...rest })),
  );
  const twice = fc.tuple(listed, fc.infiniteStream(fc.nat())).map(([all, order]) => {
    const keys = all.map(() => order.next().value as number);
    return [all, all.toSorted((a, b) => (keys[all.indexOf(a)] ?? 0) - (keys[all.indexOf(b)] ?? 0))] as const;
  });

  test('the order in which publishers are listed decides nothing', () => {
    fc.assert(
      fc.property(twice, ([one, other]) => {
        expect(of(...other)).toEqual(of(...one));
      }),
    );
  });

  test('a work always has a status, and nobody is unsigned while a publisher owns a share', () => {
    fc.assert(
      fc.property(listed, (all) => {
        const answer = of(...all);
        const owners = all.filter(({ roleCode }) => roleCode !== 'AM');
        expect(['unknown', 'unregistered', 'ambiguous']).not.toContain(answer.status);
        expect(answer.status !== 'disputed' && owners.length === 0).toBe(answer.status === 'unsigned');
        expect(statusesOf(answer).includes('unsigned')).toBe(answer.status === 'unsigned');
      }),
    );
  });
});
