import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Engine = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** The places where testcontainers looks for an engine, so that "answers" means "can be used". */
const engines = (env: NodeJS.ProcessEnv): Engine[] => {
  const host = env['DOCKER_HOST'];
  if (host !== undefined && host !== '') {
    const url = new URL(host);
    if (url.protocol === 'unix:') return [{ socketPath: url.pathname }];
    return [{ host: url.hostname, port: Number(url.port || 2375) }];
  }
  const sockets = [
    '/var/run/docker.sock',
    join(env['XDG_RUNTIME_DIR'] ?? '/nowhere', 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
  ];
  return sockets.filter((path) => existsSync(path)).map((socketPath) => ({ socketPath }));
};

const ping = (engine: Engine): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...engine, path: '/_ping', timeout: 3000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy());
    asked.end();
  });

/** Whether a Docker engine answers. `LINERNOTES_DOCKER=off` says no for it: then this machine runs the services. */
export const dockerAnswers = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  if (env['LINERNOTES_DOCKER'] === 'off') return false;
  const answers = await Promise.all(engines(env).map(ping));
  return answers.includes(true);
};
