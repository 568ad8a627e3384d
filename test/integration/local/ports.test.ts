import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, isFree } from '#local/ports.ts';

const listenOn = async (port: number): Promise<void> => {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
};

test('a free port can be listened on and is kept when preferred', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  await listenOn(port);
});

test('a port in use is not free and is not given out', async () => {
  const port = await freePort();
  await listenOn(port);
  expect(await isFree(port)).toBe(false);
  expect(await freePort(port)).not.toBe(port);
});
