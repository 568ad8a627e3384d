import { describe, expect, it } from 'vitest';
import type { IngestedFile } from '#app/ingest-files.ts';
import type { Progress } from '#app/progress.ts';
import { exitOf, isDone, summaryLines } from '#app/start/outcome.ts';
import { plainScreen, terminalScreen } from '#app/start/screen.ts';
import { tableLines } from '#app/start/table.ts';
import type { RunRow } from '#projector/run-row.ts';

const NO_PHASES: RunRow['phases'] = { spotify: {}, credits: {}, publishing: {}, links: {}, analytics: {} };

const aRun = (over: Partial<RunRow> = {}): RunRow => ({
  runId: 'run-1',
  playlistId: 'p',
  playlistName: 'Night Drive',
  total: 4,
  accepted: 4,
  complete: 4,
  inFlight: 0,
  deadLettered: 0,
  degraded: 0,
  letters: 0,
  finished: true,
  firstAt: '2026-01-01T00:00:00.000Z',
  lastAt: '2026-01-01T00:00:00.000Z',
  phases: NO_PHASES,
  ...over,
});

const progress = (...runs: readonly RunRow[]): Progress => ({ phases: NO_PHASES, runs });
const aFile = (refused: string | null): IngestedFile => ({ file: 'f', format: 'text', runs: [], refused });

describe('--once', () => {
  it('waits for every run of its files, also one that the read model has not seen yet', () => {
    expect(isDone(progress(aRun()), ['run-1'])).toBe(true);
    expect(isDone(progress(aRun()), ['run-1', 'run-2'])).toBe(false);
    expect(isDone(progress(aRun({ finished: false })), ['run-1'])).toBe(false);
  });

  it.each([
    ['0 when all is complete', aFile(null), aRun(), 0],
    ['3 when some are degraded', aFile(null), aRun({ degraded: 1 }), 3],
    ['3 when some were dead-lettered', aFile(null), aRun({ complete: 3, deadLettered: 1 }), 3],
    ['2 when a file was refused, whatever became of the others', aFile('There is no such file.'), aRun(), 2],
  ])('exits with %s', (_, file, run, code) => {
    expect(exitOf([file], progress(run))).toBe(code);
  });

  it('says in one line how it went', () => {
    expect(summaryLines(progress(aRun({ degraded: 1 }), aRun({ runId: 'run-2' })))).toEqual([
      '8 tracks accepted: 8 complete (1 of them degraded), 0 dead-lettered.',
    ]);
  });
});

describe('the live table', () => {
  const facts = { modes: { spotify: 'sandbox', credits: 'off' } as const, rates: { spotify: 12.34 }, width: 80 };

  it('has a line for each phase, and statuses without a column share one', () => {
    const phases = { ...NO_PHASES, spotify: { arrived: 9, enriched: 4, not_found: 1, restricted: 2, off: 1 } };
    const line = tableLines({ phases, runs: [] }, facts).find((text) => text.startsWith('spotify'));
    expect(line?.split(/\s+/)).toEqual(['spotify', '(sandbox)', '9', '0', '4', '1', '0', '3', '12.3/s']);
  });

  it('has a bar for each run, and never one that is wider than the terminal', () => {
    const lines = tableLines(progress(aRun({ complete: 2, degraded: 1, finished: false })), facts);
    expect(lines.at(-1)).toBe('████████████░░░░░░░░░░░░ 2/4  Night Drive  (1 degraded)');
    const narrow = tableLines(progress(aRun({ playlistName: '夜'.repeat(99) })), { ...facts, width: 40 });
    expect([...(narrow.at(-1) ?? '')].length).toBe(40);
  });

  it('calls a run open while nobody said how many tracks it has', () => {
    const lines = tableLines(progress(aRun({ total: null, accepted: 4, complete: 1, finished: false })), facts);
    expect(lines.at(-1)).toBe('██████░░░░░░░░░░░░░░░░░░ 1/4…  Night Drive  (open)');
  });
});

describe('a screen', () => {
  it('without a terminal tells a table when it changed, not too often, and the last one always', () => {
    const told: string[] = [];
    let now = 0;
    const screen = plainScreen(
      (line) => told.push(line),
      () => now,
      1000,
    );
    for (const table of ['a', 'a', 'b', 'c']) {
      screen.draw([table]);
      now += 600;
    }
    screen.rest();
    screen.say('end');
    expect(told).toEqual(['a', 'b', 'c', 'end']);
  });

  it('on a terminal wipes what it drew before it draws again', () => {
    let text = '';
    const screen = terminalScreen((written) => {
      text += written;
    });
    screen.draw(['one']);
    screen.draw(['two']);
    expect(text).toBe('one\n\u001b[1A\u001b[2K\n\u001b[1Atwo\n');
  });
});
