import { expect, test } from 'vitest';
import { aloneAtFirst } from '#providers/alone-at-first.ts';

/** Pieces of work that end when they are told to, and which have begun. */
function pieces() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => (): Promise<string> =>
    new Promise((resolve, reject) => {
      begun.push(name);
      ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
    });
  return { begun, work, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test('the first runs alone, those after it beside each other', async () => {
  const { begun, work, end } = pieces();
  const inTurn = aloneAtFirst();
  const all = ['a', 'b', 'c'].map((name) => inTurn(work(name)));
  await Promise.resolve();
  expect(begun).toEqual(['a']);
  end('a');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  end('b');
  end('c');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

test('a first one that fails holds nobody up', async () => {
  const { begun, work, end } = pieces();
  const inTurn = aloneAtFirst();
  const first = inTurn(work('a'));
  const second = inTurn(work('b'));
  end('a', new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await expect.poll(() => begun).toEqual(['a', 'b']);
  end('b');
  expect(await second).toBe('b');
});
