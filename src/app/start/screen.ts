/** A block of lines that is redrawn in place on a terminal, and told now and then where there is none. */
export type Screen = {
  draw(lines: readonly string[]): void;
  /** A line that stays, above the block. */
  say(line: string): void;
  /** The block stays as it is; what is said from now on stands below it. */
  rest(): void;
};

const CLEAR_LINE = '\u001b[2K';
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '');

/** Redraws in place. */
export function terminalScreen(write: (text: string) => void): Screen {
  let drawn: readonly string[] = [];
  const wipe = () => {
    write(`${up(drawn.length)}${drawn.map(() => `${CLEAR_LINE}\n`).join('')}${up(drawn.length)}`);
  };
  const show = (lines: readonly string[]) => {
    write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines;
  };
  return {
    draw(lines) {
      wipe();
      show(lines);
    },
    say(line) {
      wipe();
      write(`${line}\n`);
      show(drawn);
    },
    rest() {
      drawn = [];
    },
  };
}

/** Without a terminal, a block is told when it has changed, at most every `everyMs`. */
export function plainScreen(out: (line: string) => void, stopwatch: () => number, everyMs = 5_000): Screen {
  let told = { text: '', at: Number.NEGATIVE_INFINITY };
  let newest = '';
  const tell = () => {
    if (newest === told.text) return;
    told = { text: newest, at: stopwatch() };
    out(newest);
  };
  return {
    draw(lines) {
      newest = lines.join('\n');
      if (stopwatch() - told.at >= everyMs) tell();
    },
    say: out,
    rest: tell,
  };
}
