import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#cli/commands.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');

const sources = readdirSync(at('src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|mjs|js|css|sql)$/.test(path))
  .map((path) => ({ path, lines: read(`src/${path}`).trimEnd().split('\n').length }));

const MOST_LINES = 200;

describe('source files', () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const long = sources.filter(({ lines }) => lines > MOST_LINES);
    expect(long.map(({ path, lines }) => `src/${path} has ${lines} lines: split it, one idea a file`)).toEqual([]);
  });

  it('have a median of at most 60 lines', () => {
    const lengths = sources.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(60);
  });

  it.each(['utils', 'helper', 'manager', 'service.ts'])('are never named "%s"', (word) => {
    expect(sources.filter(({ path }) => path.toLowerCase().includes(word))).toEqual([]);
  });
});

describe('the README', () => {
  it('names every command, and no other', () => {
    const named = [...read('README.md').matchAll(/^\| `([a-z-]+)[ `]/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });
});
