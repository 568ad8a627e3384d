import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import type { HttpRequest } from '#providers/http.ts';

let server: Server | null = null;
let told = 0;

async function listening(listener: RequestListener): Promise<string> {
  const opened = createServer(listener);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/v1/things?ids=a,b`;
}

afterEach(async () => {
  const opened = server;
  server = null;
  opened?.closeAllConnections();
  await new Promise((resolve) => (opened === null ? resolve(null) : opened.close(resolve)));
});

const get = (url: string, over: Partial<HttpRequest> = {}) =>
  fetchHttp({ method: 'GET', url, headers: {}, body: null, timeoutMs: 5_000, ...over });

describe('a call over fetch', () => {
  test('gives status, lower-case headers and parsed body', async () => {
    const url = await listening((_, response) => response.writeHead(201, { 'X-Rate': '7' }).end('{"a":[1]}'));
    expect(await get(url)).toMatchObject({
      ok: true,
      value: { status: 201, headers: { 'x-rate': '7' }, json: { a: [1] }, text: '{"a":[1]}' },
    });
  });

  test('sends method, headers and body', async () => {
    let seen = '';
    const url = await listening(async (request, response) => {
      for await (const chunk of request) seen += chunk;
      response.end(JSON.stringify({ method: request.method, tag: request.headers['x-tag'] }));
    });
    const answer = await get(url, { method: 'POST', body: '{"q":1}', headers: { 'x-tag': 'yes' } });
    expect([seen, answer]).toMatchObject(['{"q":1}', { ok: true, value: { json: { method: 'POST', tag: 'yes' } } }]);
  });

  test('tells when each request was written, not when its answer came', async () => {
    let answered = false;
    const url = await listening(async (request, response) => {
      for await (const _ of request);
      await expect.poll(() => told).toBe(1);
      answered = true;
      response.end('{}');
    });
    for (const over of [{}, { method: 'POST', body: '{"q":1}' }] as const) {
      told = 0;
      answered = false;
      await fetchHttp({ method: 'GET', url, headers: {}, body: null, timeoutMs: 5_000, ...over }, () => {
        expect(answered).toBe(false);
        told += 1;
      });
      expect([told, answered]).toEqual([1, true]);
    }
  });

  test.each(['<html>Bad gateway</html>', '', '{"tracks":[{"id":"4'])('reads no JSON from the body %j', async (body) => {
    const url = await listening((_, response) => response.writeHead(502).end(body));
    expect(await get(url)).toMatchObject({ ok: true, value: { status: 502, json: null, text: body } });
  });

  test('fails with PROVIDER_DOWN where nobody listens, and names no query', async () => {
    const url = await listening((_, response) => response.end());
    await new Promise((resolve) => server?.close(resolve));
    const answer = await get(url);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'PROVIDER_DOWN' } });
    expect(JSON.stringify(answer)).not.toContain('ids=');
  });

  test('fails with CONNECTION when the connection is cut before the answer', async () => {
    const url = await listening((request) => request.socket.destroy());
    expect(await get(url)).toMatchObject({ ok: false, failure: { code: 'CONNECTION' } });
  });

  test('fails with CONNECTION when the connection is cut within the body', async () => {
    const url = await listening((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"tracks":', () => request.socket.destroy());
    });
    expect(await get(url)).toMatchObject({ ok: false, failure: { code: 'CONNECTION' } });
  });

  test('fails with TIMEOUT when the answer does not come', async () => {
    const url = await listening(() => undefined);
    expect(await get(url, { timeoutMs: 30 })).toMatchObject({ ok: false, failure: { code: 'TIMEOUT' } });
  });

  test('fails with TIMEOUT when the body does not end', async () => {
    const url = await listening((_, response) => response.writeHead(200).write('{'));
    expect(await get(url, { timeoutMs: 60 })).toMatchObject({ ok: false, failure: { code: 'TIMEOUT' } });
  });
});
