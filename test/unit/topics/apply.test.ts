import { describe, expect, it } from 'vitest';
import { applyTopics, type Cluster, livePlan } from '#app/topics/apply.ts';
import type { LiveTopic } from '#app/topics/plan.ts';
import { liveTopic, wantedTopic } from '#test/support/topics.ts';

/** Brokers that show every change at once. */
const atOnce = { pause: async () => null };

/** A cluster in memory. `failing` names the calls that fail once, after having done half of their work. */
function cluster(topics: readonly LiveTopic[], failing: readonly string[] = []) {
  const live = new Map(topics.map((topic) => [topic.name, topic]));
  const left = new Set(failing);
  const stumble = (call: string): void => {
    if (left.delete(call)) throw new Error(`${call} failed`);
  };
  const change = (name: string, over: Partial<LiveTopic>): void => {
    live.set(name, { ...(live.get(name) ?? liveTopic(name)), ...over });
  };
  const api: Cluster = {
    list: async () => [...live.keys()],
    describe: async (names) => [...live.values()].filter(({ name }) => names.includes(name)),
    async create(wanted) {
      for (const { name, partitions, replication, config } of wanted) {
        if (live.has(name)) throw new Error(`${name} exists`);
        live.set(name, { name, partitions, replication, config });
        stumble('create');
      }
    },
    async addPartitions(name, total) {
      change(name, { partitions: total });
      stumble('addPartitions');
    },
    async alterConfig(name, config) {
      change(name, { config: { ...live.get(name)?.config, ...config } });
      stumble('alterConfig');
    },
    async deleteTopics(names) {
      for (const name of names) live.delete(name);
      stumble('deleteTopics');
    },
  };
  return { api, live: () => [...live.values()] };
}

const WANTED = [wantedTopic('tracks.a'), wantedTopic('tracks.b'), wantedTopic('tracks.c', { partitions: 12 })];
const AS_WANTED = [liveTopic('tracks.a'), liveTopic('tracks.b'), liveTopic('tracks.c', { partitions: 12 })];
const byName = (topics: readonly LiveTopic[]) => topics.toSorted((a, b) => a.name.localeCompare(b.name));

describe('applying topics', () => {
  it('creates, grows and configures until nothing differs, and then does nothing more', async () => {
    const { api, live } = cluster([liveTopic('tracks.b', { config: {} }), liveTopic('tracks.c')]);
    const first = await applyTopics(api, WANTED, atOnce);
    expect(first.applied.map(({ kind, topic }) => `${kind} ${topic}`)).toEqual([
      'create tracks.a',
      'config tracks.b',
      'config tracks.b',
      'partitions tracks.c',
    ]);
    expect(byName(live())).toEqual(AS_WANTED);
    expect(await applyTopics(api, WANTED, atOnce)).toEqual({ applied: [], refused: [] });
  });

  it('goes on where a failure left it', async () => {
    const { api, live } = cluster([liveTopic('tracks.c')], ['create', 'addPartitions']);
    expect((await applyTopics(api, WANTED, atOnce)).refused).toEqual([]);
    expect(byName(live())).toEqual(AS_WANTED);
  });

  it('waits until the cluster shows what was done', async () => {
    const { api, live } = cluster([]);
    let stale = 3;
    const late = { ...api, list: async () => (live().length > 0 && stale-- > 0 ? [] : api.list()) };
    const create = async (wanted: Parameters<Cluster['create']>[0]) => {
      if (live().length === 0) await api.create(wanted);
    };
    const { applied } = await applyTopics({ ...late, create }, WANTED, atOnce);
    expect(applied.map(({ topic }) => topic)).toEqual(['tracks.a', 'tracks.b', 'tracks.c']);
    expect(stale).toBeLessThan(0);
  });

  it('fails when the cluster keeps failing', async () => {
    const { api } = cluster([]);
    const broken = { ...api, create: () => Promise.reject(new Error('no')) };
    await expect(applyTopics(broken, WANTED, atOnce)).rejects.toThrow('no');
  });

  it('does all else when something is refused, and names it', async () => {
    const { api, live } = cluster([liveTopic('tracks.old')]);
    const { applied, refused } = await applyTopics(api, WANTED, atOnce);
    expect(applied).toHaveLength(3);
    expect(refused.map(({ kind, topic }) => `${kind} ${topic}`)).toEqual(['delete tracks.old']);
    expect(byName(live())).toEqual([...AS_WANTED, liveTopic('tracks.old')]);
  });

  it('deletes when it is allowed', async () => {
    const { api, live } = cluster([...AS_WANTED, liveTopic('tracks.old')]);
    await applyTopics(api, WANTED, { ...atOnce, allowed: { delete: true, shorterRetention: false } });
    expect(byName(live())).toEqual(AS_WANTED);
  });

  it('sees no topics of others on the same cluster', async () => {
    const { api } = cluster([...AS_WANTED, liveTopic('orders'), liveTopic('test.tracks.raw')]);
    expect(await livePlan(api, WANTED)).toEqual([]);
  });
});
