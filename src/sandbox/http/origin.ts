import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { draw } from '../catalogue/draw.ts';
import { accountOf, contactOf } from './account.ts';
import { type Controls, control } from './control.ts';
import type { Fault } from './faults.ts';
import { latencyOf, type Pace } from './pace.ts';
import type { Meter } from './quota.ts';
import { type Ask, json, type Match, matcher, type Provider, type Reply, type Route } from './route.ts';
import { instead, sendFaulty, sendForever, spoiled } from './spoil.ts';

/** Shared by all origins of a sandbox. */
export type Surroundings = {
  seed: string;
  pace: Pace;
  controls: Controls;
  /** One meter per provider that has a limit in this pace. */
  meters: ReadonlyMap<string, Meter>;
  /** Counts the calls, for latencies that a seed repeats. */
  turn: () => number;
};

const largestBody = 1_000_000;

/** The endpoint at which tokens are given out: no provider counts it into its limit. */
const LOGIN = 'token';

/** Makes the HTTP server of a provider's origin; without a provider it answers the control paths only. */
export function originOf(surroundings: Surroundings, provider: Provider | null): Server {
  const find = matcher(provider?.routes ?? []);
  const server = createServer((request, response) => {
    serve(surroundings, provider, find, request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, json(500, { error: String(error) }));
    });
  });
  server.on('upgrade', (request, socket) => {
    if (!surroundings.controls.tabs.connect(request, socket)) socket.destroy();
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

/** Listens and gives the origin's URL. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox listens on no port');
  return `http://${host}:${address.port}`;
}

async function serve(
  surroundings: Surroundings,
  provider: Provider | null,
  find: (method: string, path: string) => Match | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const method = request.method ?? 'GET';
  const body = await read(request);
  if (body === null) return send(response, json(413, { error: 'body too large' }));
  const now = Date.now();
  if (url.pathname.startsWith('/_')) return send(response, control(surroundings.controls, method, url, body, now));
  if (provider === null) return send(response, json(404, { error: 'control paths only' }));
  const match = find(method, url.pathname) ?? { route: unknownRoute(provider), params: {} };
  const quota = match.route.endpoint === LOGIN ? null : (surroundings.meters.get(provider.name)?.(now) ?? null);
  const ask: Ask = { params: match.params, query: url.searchParams, headers: request.headers, body, now, quota };
  await answer(surroundings, provider, match.route, ask, response);
}

async function answer(
  surroundings: Surroundings,
  provider: Provider,
  route: Route,
  ask: Ask,
  response: ServerResponse,
): Promise<void> {
  const { seed, pace, controls, turn } = surroundings;
  const endpoint = route.operation === undefined ? route.endpoint : `${route.endpoint}:${route.operation(ask)}`;
  note(controls, { provider, route, endpoint, ask, response });
  const inTab = route.isPage === true ? controls.tabs.enter(response) : null;
  const fault = controls.faults.hit(provider.name, endpoint);
  if (fault?.mode === 'hang') return;
  if (fault?.mode === 'cut' || route.cuts?.(ask) === true) {
    response.destroy();
    return;
  }
  const [least, most] = latencyOf(pace, provider.name, endpoint);
  if (most > 0) await pause(least + (most - least) * draw(seed, 'latency', provider.name).unit(String(turn())));
  const reply = replyTo(provider, route, ask, fault);
  noteSilence(controls, provider, reply, fault);
  await send(response, inTab?.(reply) ?? reply, fault);
}

function replyTo(provider: Provider, route: Route, ask: Ask, fault: Fault | null): Reply {
  const proper = (): Reply => limited(provider, ask) ?? route.answer(ask);
  return fault === null ? proper() : (instead(provider, fault) ?? spoiled(proper(), fault));
}

/** Statuses with which `Retry-After` tells to be silent. */
const MEANS_SILENCE: ReadonlySet<number> = new Set([429, 503]);

/** A refusal that tells to be silent; one that was ordered for an endpoint speaks of that alone. */
function noteSilence({ watch }: Controls, provider: Provider, { status, headers }: Reply, fault: Fault | null): void {
  const wait = Number(headers['retry-after'] ?? 0);
  if (wait <= 0 || !MEANS_SILENCE.has(status)) return;
  watch.silenced({ provider: provider.name, endpoint: fault?.endpoint ?? null }, Date.now() + wait * 1000, Date.now());
}

/** MusicBrainz wants to know whom to write to. */
const WANTS_CONTACT: ReadonlySet<string> = new Set(['musicbrainz']);

type Noted = { provider: Provider; route: Route; endpoint: string; ask: Ask; response: ServerResponse };

/** Writes the call into the ledger, now and when it ends, and has it judged. */
function note({ ledger, watch }: Controls, { provider, route, endpoint, ask, response }: Noted): void {
  const account = accountOf(ask.headers);
  const ids = route.ids?.(ask) ?? [];
  const call = { provider: provider.name, account, endpoint, now: ask.now };
  const end = ledger.begin({ ...call, ids });
  response.once('close', () => end(response.writableFinished ? response.statusCode : 0, Date.now()));
  const lacksContact = WANTS_CONTACT.has(provider.name) && contactOf(ask.headers) === null;
  watch.arrived({ ...call, quota: ask.quota, ids: ids.length, most: route.most ?? null, lacksContact });
}

function limited(provider: Provider, { quota, now }: Ask): Reply | null {
  if (quota === null || !quota.exceeded) return null;
  return provider.refuse(
    provider.name === 'musicbrainz' ? 503 : 429,
    Math.max(1, Math.ceil((quota.resetAt - now) / 1000)),
  );
}

function unknownRoute(provider: Provider): Route {
  return {
    method: 'GET',
    path: '',
    endpoint: 'unknown',
    // Chartmetric's unknown paths fall through to its internal API, which wants a session.
    answer: () => provider.refuse(provider.name === 'chartmetric' ? 401 : 404, null),
  };
}

async function send(response: ServerResponse, reply: Reply, fault: Fault | null = null): Promise<void> {
  if (response.destroyed) return;
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  response.setHeader('x-linernotes', 'sandbox data');
  if (reply.isEndless === true) return sendForever(response, reply.body);
  if (fault?.mode !== 'slow' && fault?.mode !== 'cut-short') {
    response.end(reply.body);
    return;
  }
  await sendFaulty(response, reply.body, fault);
  if (fault.mode === 'slow') response.end();
  else response.destroy();
}

async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= largestBody) chunks.push(bytes);
  }
  return size > largestBody ? null : Buffer.concat(chunks).toString('utf8');
}
