// Runs a browser in a process group of its own and ends the group, helpers included, when the worker that asked for it is gone, or when
// it does not say in time that its tabs may go on (it was stopped, it lost the database): a browser that hangs heeds no closed pipe,
// and a worker that is stopped closes no tab.
// First line of stdin: what to run, as JSON. Each further line: until when tabs may be open, in milliseconds of the monotonic clock
// that all processes of a machine share, or null when none is open. Descriptors 3 and 4 are the browser's debugging pipe.
// Plain JavaScript on built-ins, so that it starts in a blink.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

const PIPE = [3, 4];

/** We lead the group, so this ends us, too: whoever started us sees that all is over. */
const end = () => process.kill(-process.pid, 'SIGKILL');

/** Before the start: whatever the browser starts inherits it. One who is nicer already may not become less so. */
const beNice = (nice) => {
  setPriority(Math.max(nice, getPriority()));
  try {
    // Where Linux shares the processor out by sessions, and ours is one, this is what counts between them (sched(7)).
    writeFileSync('/proc/self/autogroup', String(nice));
  } catch {
    // It does not there.
  }
};

/** Chromium gives its threads the priorities that it likes if it may. Root may, unless it is started without that right. */
const WITHOUT_RIGHT = ['setpriv', '--bounding-set', '-sys_nice'];
const isRoot = process.getuid?.() === 0;
const modestly = (words) =>
  isRoot && spawnSync(WITHOUT_RIGHT[0], [...WITHOUT_RIGHT.slice(1), 'true']).status === 0
    ? [...WITHOUT_RIGHT, ...words]
    : words;

const run = ({ command, args, nice }) => {
  beNice(nice);
  const [program, ...words] = modestly([command, ...args]);
  const browser = spawn(program, words, { stdio: ['ignore', 'ignore', 'ignore', ...PIPE] });
  browser.on('error', end).on('exit', end);
  // From now on the pipe is the browser's alone: it closes when either side is gone.
  for (const descriptor of PIPE) closeSync(descriptor);
};

let timer;
const allow = (until) => {
  clearTimeout(timer);
  if (until !== null) timer = setTimeout(end, Math.max(0, until - Number(process.hrtime.bigint() / 1_000_000n)));
};

let obey = (line) => {
  obey = (next) => allow(JSON.parse(next));
  run(JSON.parse(line));
};

let rest = '';
const read = (chunk) => {
  const lines = `${rest}${chunk}`.split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) obey(line);
};

process.stdin.setEncoding('utf8').on('data', read).on('end', end).on('error', end);
