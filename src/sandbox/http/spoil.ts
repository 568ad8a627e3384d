import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parsed } from './control.ts';
import type { Fault } from './faults.ts';
import { html, type Provider, type Reply } from './route.ts';

const PIECES = 8;

/** What a fault answers instead of the provider; null when it lets the provider answer. */
export function instead(provider: Provider, { mode, retryAfter }: Fault): Reply | null {
  if (mode === 'down') return html(503, '<html><body><h1>503 Service Unavailable</h1></body></html>');
  if (mode === 'html') return html(200, '<html><body>Please stand by.</body></html>');
  if (mode === 'quota') return (provider.quotaSpent ?? ((after) => provider.refuse(429, after)))(retryAfter);
  return mode.startsWith('status:') ? provider.refuse(Number(mode.slice('status:'.length)), retryAfter) : null;
}

/** The provider's answer as a fault leaves it. */
export function spoiled(reply: Reply, { mode, field }: Fault): Reply {
  if (mode === 'empty') return { ...reply, body: '' };
  if (mode === 'truncated') return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
  return mode === 'drift' ? { ...reply, body: JSON.stringify(renamed(parsed(reply.body), field)) } : reply;
}

function renamed(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, field));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name === field ? `${name}_v2` : name,
    renamed(inner, field),
  ]);
  return Object.fromEntries(entries);
}

/** Sends the body piece by piece in `ms`, or closes the connection in the middle of it. */
export async function sendFaulty(response: ServerResponse, body: string, { mode, ms }: Fault): Promise<void> {
  const bytes = Buffer.from(body);
  response.setHeader('content-length', bytes.length);
  const size = Math.ceil(bytes.length / PIECES);
  for (let piece = 0; piece < PIECES && !response.destroyed; piece += 1) {
    if (mode === 'slow') await pause(ms / PIECES);
    if (mode === 'cut-short' && piece === PIECES / 2) return;
    await new Promise((written) => response.write(bytes.subarray(piece * size, (piece + 1) * size), written));
  }
}

/** Sends the body and then ever more, until the client goes. */
export async function sendForever(response: ServerResponse, body: string): Promise<void> {
  response.write(body);
  while (!response.destroyed) {
    await pause(100);
    response.write('<!-- -->');
  }
}
