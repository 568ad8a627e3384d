import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerAnswers } from '#local/docker.ts';
import { emptyFolder } from '#test/support/folder.ts';

const engineSaying = async (status: number): Promise<string> => {
  const socket = join(emptyFolder(), 'docker.sock');
  const server = createServer((request, answer) => {
    answer.statusCode = request.url === '/_ping' ? status : 404;
    answer.end('OK');
  }).listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `unix://${socket}`;
};

test('a Docker engine answers when its socket does', async () => {
  expect(await dockerAnswers({ DOCKER_HOST: await engineSaying(200) })).toBe(true);
});

test('a socket that refuses, or that nobody serves, is no engine', async () => {
  expect(await dockerAnswers({ DOCKER_HOST: await engineSaying(500) })).toBe(false);
  expect(await dockerAnswers({ DOCKER_HOST: `unix://${join(emptyFolder(), 'nobody.sock')}` })).toBe(false);
});

test('an engine that is switched off is not asked', async () => {
  expect(await dockerAnswers({ DOCKER_HOST: await engineSaying(200), LINERNOTES_DOCKER: 'off' })).toBe(false);
});
