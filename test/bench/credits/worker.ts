import { once } from 'node:events';
import { readNaively } from './naive.ts';
import { readOwn } from './own.ts';
import type { Order, Word } from './run.ts';

// Reads pages one way or the other when it is told to, and says each that is done.

const say = (word: Word): void => void process.send?.(word);

say({ word: 'ready' });
const [order] = (await once(process, 'message')) as [Order];
const { way, chromium, webUrl, ids, tabs } = order;
const done = (): void => say({ word: 'page' });
const understood =
  way === 'own'
    ? await readOwn(chromium, { webUrl, ids, tabs }, done)
    : await readNaively(
        chromium,
        ids.map((id) => `${webUrl}/track/${id}`),
        tabs,
        done,
      );
say({ word: 'ended', understood });
await once(process, 'message');
process.exit(0);
