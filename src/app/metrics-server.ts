import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export type Health = { readonly alive: () => boolean; readonly ready: () => boolean };

/**
 * A worker's own small server: `/metrics` for Prometheus, `/healthz` (restart me when this is not 200), `/readyz`.
 * @returns its port and a way to close it
 */
export async function metricsServer(
  registry: Registry,
  health: Health,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const state = (good: boolean) => ({ status: good ? 200 : 503, type: 'text/plain', body: good ? 'ok\n' : 'not ok\n' });
  const routes: Readonly<Record<string, () => Promise<{ status: number; type: string; body: string }>>> = {
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
    '/healthz': async () => state(health.alive()),
    '/readyz': async () => state(health.ready()),
  };
  const server = createServer(async (request, response) => {
    const route = routes[request.url ?? ''];
    const { status, type, body } = route ? await route() : { status: 404, type: 'text/plain', body: 'not here\n' };
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
