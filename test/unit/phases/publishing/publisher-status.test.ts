import { describe, expect, test } from 'vitest';
import { publisherStatusOf, type StatusQuestion } from '#phases/publishing/publisher-status.ts';
import { aPublisher, aWork, aWriter } from '#test/support/mlc.ts';

const ask = (over: Partial<StatusQuestion> = {}) =>
  publisherStatusOf({ work: aWork(), writers: ['Ada Example'], disputed: false, ...over });

const ADA = aWriter('ADA EXAMPLE', { ipi: '00123456789' });
const BO = aWriter('BO SAMPLE', { ipi: '00987654321' });

describe('publisher status, row by row', () => {
  test('no work: unregistered', () => {
    expect(ask({ work: null })).toEqual({
      status: 'unregistered',
      writers: [],
      partial: false,
      adminOnly: false,
      evidence: ['The MLC has no work matched to a recording of this ISRC.'],
    });
  });

  test('no writer of the work is a writer of the track: ambiguous', () => {
    expect(ask({ writers: ['Somebody Else'] }).status).toBe('ambiguous');
  });

  test('writers of the track unknown: the work is believed', () => {
    expect(ask({ writers: [] }).status).toBe('signed');
  });

  test.each([
    ['Beyoncé Example', 'BEYONCE EXAMPLE'],
    ["John O'Brien", 'JOHN O’BRIEN'],
    ['宇多田ヒカル', '宇多田 ヒカル'],
    ['霁桥听澜', '听澜 霁桥'],
    ['별결 새론솔', '새론솔 별결'],
    ['Анна Ёлкина', 'ЁЛКИНА АННА'],
    ['Jean-Luc Exemple', 'JEAN LUC EXEMPLE'],
  ])('%s and %s are one writer', (credited, registered) => {
    expect(ask({ writers: [credited], work: aWork({ writers: [aWriter(registered)] }) }).status).toBe('signed');
  });

  test.each([
    ['ハナ', 'バナ'],
    ['John McDonald', 'John McDonaldson'],
    ['木村', '林'],
    ['Anna Lee', 'Ann Alee'],
  ])('%s and %s are two', (credited, registered) => {
    expect(ask({ writers: [credited], work: aWork({ writers: [aWriter(registered)] }) }).status).toBe('ambiguous');
  });

  test('shares add up to more than 100: disputed', () => {
    const publishers = [aPublisher('Big Songs', 100), aPublisher('Other Songs', 50)];
    expect(ask({ work: aWork({ publishers }) })).toMatchObject({ status: 'disputed', partial: false });
  });

  test('a dispute flag: disputed', () => expect(ask({ disputed: true }).status).toBe('disputed'));

  test('no publisher: unsigned, each writer too', () => {
    expect(ask({ work: aWork({ publishers: [] }) })).toMatchObject({
      status: 'unsigned',
      writers: [{ name: 'ADA EXAMPLE', status: 'unsigned' }],
      adminOnly: false,
    });
  });

  test('an administrator alone: unsigned, admin only', () => {
    const publishers = [aPublisher('Collector', 100, { roleCode: 'AM' })];
    expect(ask({ work: aWork({ publishers }) })).toMatchObject({ status: 'unsigned', adminOnly: true });
  });

  test.each([
    ['by name', aPublisher('Ada Example Music Publishing Ltd.', 100)],
    ['by IPI', aPublisher('Moonlit Door', 100, { ipi: '123456789' })],
    [
      'by administering itself',
      aPublisher('Moonlit Door', 100, { administrators: [{ name: 'Ada Example', ipi: null }] }),
    ],
  ])("only the writer's own company, told %s: self_published", (_, company) => {
    expect(ask({ work: aWork({ writers: [ADA], publishers: [company] }) })).toMatchObject({
      status: 'self_published',
      writers: [{ status: 'self_published' }],
      adminOnly: false,
    });
  });

  test('own companies with an administrator: self_published, admin only', () => {
    const administrators = [{ name: 'Collector', ipi: '00000000999' }];
    const publishers = [aPublisher('Ada Example Music', 100, { administrators })];
    expect(ask({ work: aWork({ publishers }) })).toMatchObject({ status: 'self_published', adminOnly: true });
  });

  test('one publisher with the whole share: signed, each writer too', () => {
    expect(ask({ work: aWork({ writers: [ADA, BO] }) })).toMatchObject({
      status: 'signed',
      writers: [{ status: 'signed' }, { status: 'signed' }],
      partial: false,
    });
  });

  test('two publishers of one parent are one group: signed', () => {
    const parents = [{ name: 'Group', ipi: '00000000555' }];
    const publishers = [aPublisher('Group Songs', 50, { parents }), aPublisher('Group Tunes', 50, { parents })];
    expect(ask({ work: aWork({ publishers }) }).status).toBe('signed');
  });

  test('a publisher and its parent are one group, whichever comes first: signed', () => {
    const group = { name: 'Group', ipi: '00000000555' };
    const publishers = [
      aPublisher('Group', 40, { ipi: group.ipi }),
      aPublisher('Group Songs', 60, { parents: [group] }),
    ];
    expect(ask({ work: aWork({ publishers }) }).status).toBe('signed');
    expect(ask({ work: aWork({ publishers: publishers.toReversed() }) }).status).toBe('signed');
  });

  test('two publisher groups: split, and nobody guesses whose writer is whose', () => {
    const publishers = [aPublisher('Big Songs', 50), aPublisher('Other Songs', 50)];
    expect(ask({ work: aWork({ writers: [ADA, BO], publishers }) })).toMatchObject({
      status: 'split',
      writers: [{ status: 'unknown' }, { status: 'unknown' }],
    });
  });

  test('an own company beside a publisher: split, and its owner is self_published', () => {
    const publishers = [aPublisher('Ada Example Music', 50), aPublisher('Big Songs', 50)];
    expect(ask({ work: aWork({ writers: [ADA, BO], publishers }) })).toMatchObject({
      status: 'split',
      writers: [{ status: 'self_published' }, { status: 'unknown' }],
    });
  });

  test('shares below 100: partial, and of several writers none is called signed', () => {
    const publishers = [aPublisher('Big Songs', 60)];
    expect(ask({ work: aWork({ writers: [ADA, BO], publishers }) })).toMatchObject({
      status: 'signed',
      partial: true,
      writers: [{ status: 'unknown' }, { status: 'unknown' }],
    });
  });

  test('thirds that add up to 99.99 are whole', () => {
    const publishers = ['One', 'Two', 'Three'].map((name) => aPublisher(name, 33.33));
    expect(ask({ work: aWork({ publishers }) })).toMatchObject({ status: 'split', partial: false });
  });

  test('shares that are not stated are neither partial nor disputed', () => {
    expect(ask({ work: aWork({ publishers: [aPublisher('Big Songs', null)] }) })).toMatchObject({
      status: 'signed',
      partial: false,
    });
  });

  test('says what it was read from', () => {
    expect(ask().evidence).toEqual([
      'Work AB1234 "EXAMPLE SONG" has 1 writers and 1 original publishers.',
      'Stated shares add up to 100 %.',
      '1 of 1 known writers are writers of the work.',
    ]);
  });
});
