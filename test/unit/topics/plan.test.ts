import { describe, expect, it } from 'vitest';
import { isOurs, planTopics } from '#app/topics/plan.ts';
import { planLines } from '#app/topics/words.ts';
import { liveTopic, wantedTopic } from '#test/support/topics.ts';

const NOTHING = { delete: false, shorterRetention: false };
const EVERYTHING = { delete: true, shorterRetention: true };
const keeping = (ms: string) => ({ config: { 'cleanup.policy': 'delete', 'retention.ms': ms } });

describe('a plan of topics', () => {
  it('is empty when the cluster is what the files say', () => {
    expect(planTopics([wantedTopic('tracks.raw')], [liveTopic('tracks.raw')], NOTHING)).toEqual([]);
    expect(planLines([], false)).toEqual(['Nothing differs: the cluster is what the files say.']);
  });

  it('leaves alone what is set on a topic and not named in its file', () => {
    const live = liveTopic('tracks.raw', { config: { ...liveTopic('x').config, 'segment.ms': '1000' } });
    expect(planTopics([wantedTopic('tracks.raw')], [live], NOTHING)).toEqual([]);
  });

  it('creates what is missing', () => {
    const wanted = wantedTopic('tracks.raw');
    const plan = planTopics([wanted], [], NOTHING);
    expect(plan).toEqual([{ kind: 'create', topic: 'tracks.raw', wanted, consequence: null, refused: null }]);
    expect(planLines(plan, false)).toEqual([
      '+ tracks.raw: partitions=6 replication=1 cleanup.policy=delete retention.ms=-1',
      '1 to add, 0 to change, 0 to delete, 0 refused',
    ]);
  });

  it('adopts a topic that is there already and sets what it only inherits from the broker', () => {
    const plan = planTopics([wantedTopic('tracks.raw')], [liveTopic('tracks.raw', { config: {} })], NOTHING);
    expect(planLines(plan, false)).toEqual([
      "~ tracks.raw: cleanup.policy (the broker's) → delete",
      "~ tracks.raw: retention.ms (the broker's) → -1",
      '0 to add, 2 to change, 0 to delete, 0 refused',
    ]);
  });

  it('adds partitions and says that keys move', () => {
    const [change] = planTopics([wantedTopic('tracks.raw', { partitions: 12 })], [liveTopic('tracks.raw')], NOTHING);
    expect(change).toMatchObject({ kind: 'partitions', from: 6, to: 12, refused: null });
    expect(change?.consequence).toContain('keys move');
  });

  it('refuses fewer partitions whatever is allowed, and says how to go on', () => {
    const [change] = planTopics([wantedTopic('tracks.raw', { partitions: 3 })], [liveTopic('tracks.raw')], EVERYTHING);
    expect(change).toMatchObject({ kind: 'partitions', from: 6, to: 3 });
    expect(change?.refused).toContain('put 6 into the file');
  });

  it('refuses another replication, which only a reassignment brings about', () => {
    const [change] = planTopics([wantedTopic('tracks.raw', { replication: 3 })], [liveTopic('tracks.raw')], EVERYTHING);
    expect(change).toMatchObject({ kind: 'replication', from: 1, to: 3 });
    expect(change?.refused).toContain('KAFKA_REPLICATION=1');
  });

  it.each([
    ['-1', '1000'],
    ['2000', '1000'],
    [null, '1000'],
  ])('refuses a retention of %s that becomes %s unless it is allowed, and says that history is lost', (from, to) => {
    const wanted = [wantedTopic('tracks.raw', keeping(to))];
    const live = [liveTopic('tracks.raw', from === null ? { config: { 'cleanup.policy': 'delete' } } : keeping(from))];
    const [refused] = planTopics(wanted, live, NOTHING);
    expect(refused).toMatchObject({ kind: 'config', key: 'retention.ms', from, to });
    expect(refused?.consequence).toContain('history lost');
    expect(refused?.refused).toContain('--allow-shorter-retention');
    expect(planTopics(wanted, live, { delete: false, shorterRetention: true })).toEqual([
      { ...refused, refused: null },
    ]);
  });

  it.each([
    ['1000', '2000'],
    ['1000', '-1'],
  ])('lengthens a retention of %s to %s without asking', (from, to) => {
    const plan = planTopics(
      [wantedTopic('tracks.raw', keeping(to))],
      [liveTopic('tracks.raw', keeping(from))],
      NOTHING,
    );
    expect(plan).toEqual([
      { kind: 'config', topic: 'tracks.raw', key: 'retention.ms', from, to, consequence: null, refused: null },
    ]);
  });

  it('refuses a smaller size to keep in the same way', () => {
    const sized = (bytes: string) => ({ config: { 'retention.bytes': bytes } });
    const [change] = planTopics([wantedTopic('t', sized('5'))], [liveTopic('t', sized('-1'))], NOTHING);
    expect(change?.refused).toContain('--allow-shorter-retention');
  });

  it('refuses to delete a topic without a file unless it is allowed, and says that history is lost', () => {
    const [refused] = planTopics([], [liveTopic('tracks.old')], NOTHING);
    expect(refused).toMatchObject({ kind: 'delete', topic: 'tracks.old' });
    expect(refused?.consequence).toContain('history lost');
    expect(refused?.refused).toContain('--allow-delete');
    expect(planTopics([], [liveTopic('tracks.old')], { delete: true, shorterRetention: false })).toEqual([
      { ...refused, refused: null },
    ]);
  });

  it('shows consequence and refusal below the line, and counts what is refused', () => {
    const lines = planLines(planTopics([], [liveTopic('tracks.old')], NOTHING), false);
    expect(lines).toEqual([
      '- tracks.old: on the cluster, but no file names it',
      '    history lost: every record of the topic goes with it',
      '    refused: there is no file for it; write one to keep it, or delete it with --allow-delete',
      '0 to add, 0 to change, 0 to delete, 1 refused',
    ]);
  });

  it('is coloured for a terminal', () => {
    const [line] = planLines(planTopics([], [liveTopic('tracks.old')], NOTHING), true);
    expect(line).toBe('\u001b[31m- tracks.old: on the cluster, but no file names it\u001b[0m');
  });
});

describe('a topic is ours', () => {
  it('when its name begins as ours do, behind the prefix', () => {
    expect(
      ['tracks.raw', 'linernotes.operations', 'other.tracks.raw', 'tracksuit'].map((name) => isOurs(name, '')),
    ).toEqual([true, true, false, false]);
    expect(isOurs('test.tracks.raw', 'test.')).toBe(true);
    expect(isOurs('tracks.raw', 'test.')).toBe(false);
  });
});
