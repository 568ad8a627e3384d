// Runs one service and ends it when the process that asked for it goes away, however it goes.
//
// The first line on stdin is JSON {command, args, cwd, env, uid, gid, log, signal, graceMs}: a pipe, because everybody on
// the machine may read a command line. The service runs in a process group of its own; its pid is the only line on stdout.
// Nothing more is written to stdin: its end means "stop", and the kernel ends it for us when the other side dies, kill -9
// included. So an orderly stop and a sudden death share one path.
// Plain JavaScript on built-ins, so that it starts in a blink.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const { stdin, stdout } = process;

let stop = () => process.exit(0);

const run = (spec) => {
  const out = openSync(spec.log, 'a');
  const service = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    uid: spec.uid,
    gid: spec.gid,
    detached: true,
    stdio: ['ignore', out, out],
  });

  const signalGroup = (signal) => {
    try {
      process.kill(-service.pid, signal);
    } catch {
      // The group is gone already: that is what we want.
    }
  };

  let stopping = false;
  stop = () => {
    if (stopping || service.pid === undefined) return;
    stopping = true;
    // The leader alone is asked: it knows how to end its children in order (Postgres takes a signal to them for a crash).
    service.kill(spec.signal);
    setTimeout(() => signalGroup('SIGKILL'), spec.graceMs);
  };

  service.on('error', (error) => {
    stdout.write(`${JSON.stringify({ error: error.message })}\n`, () => process.exit(127));
  });
  service.on('exit', (code, signal) => {
    signalGroup('SIGKILL');
    process.exit(stopping ? 0 : (code ?? (signal === null ? 1 : 128)));
  });
  if (service.pid !== undefined) stdout.write(`${JSON.stringify({ pid: service.pid })}\n`);
};

let line = '';
const read = (chunk) => {
  line += chunk;
  if (!line.endsWith('\n')) return;
  stdin.off('data', read).resume();
  run(JSON.parse(line));
};

const ended = () => stop();
// A reader that is gone must not end us before the service is.
stdout.on('error', ended);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ended);
stdin.setEncoding('utf8').on('end', ended).on('error', ended).on('close', ended).on('data', read);
