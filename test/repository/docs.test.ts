import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDocuments } from '#app/docs/generated.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(at('docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

describe('documentation', () => {
  it.each(Object.entries(generatedDocuments()))(
    '%s says what the code says (else: npm run docs:generate)',
    (path, text) => {
      expect(read(path)).toBe(text);
    },
  );

  it.each(pages)('%s links to files that exist', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link]) => link ?? '');
    const missing = links.filter((link) => !existsSync(new URL(link, at(path))));
    expect(missing).toEqual([]);
  });

  it('names tests that exist beside every wish of operators', () => {
    const rows = read('docs/operations.md')
      .split('\n')
      .filter((line) => line.includes('.test.ts`'));
    const named = rows.flatMap((row) => [...row.matchAll(/`((?:unit|contract|integration|e2e)\/[^`]+\.ts)`/g)]);
    expect(named.length).toBeGreaterThan(30);
    expect(named.flatMap(([, path]) => (existsSync(at(`test/${path}`)) ? [] : [path]))).toEqual([]);
  });

  it('tells of every benchmark, and of none that is not there', () => {
    const told = [...read('docs/contributing.md').matchAll(/^npm run bench -- (\w+)/gm)].map(([, name]) => name);
    const there = readdirSync(at('test/bench')).flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? []);
    expect(told.toSorted()).toEqual(there.toSorted());
  });

  it('keeps the README at 150 lines or fewer', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
  });
});
