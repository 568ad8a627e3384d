/** A block of lines that is redrawn in place on a terminal, and told now and then where there is none. */
export type Screen = {
  draw(lines: readonly string[]): void;
  /** A line that stays, above the block. */
  say(line: string): void;
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
  };
}

/** Without a terminal, a block is told when it has changed, at most every `everyMs`. */
export function plainScreen(out: (line: string) => void, stopwatch: () => number, everyMs = 5_000): Screen {
  let last = { text: '', at: Number.NEGATIVE_INFINITY };
  return {
    draw(lines) {
      const text = lines.join('\n');
      const now = stopwatch();
      if (text === last.text || now - last.at < everyMs) return;
      last = { text, at: now };
      out(text);
    },
    say: out,
  };
}
