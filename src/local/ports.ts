import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below 32768, where Linux begins to hand out ports for outgoing connections: what is free now stays free. */
const RANGE = { from: 20_000, to: 32_000 };

/** Whether a TCP port of the loopback interface can be listened on. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Returns a free loopback port: `preferred` if that one is free (so that addresses survive a restart), else any. */
export const freePort = async (preferred: number | null = null): Promise<number> => {
  if (preferred !== null && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${RANGE.from} and ${RANGE.to}`);
};
