import { afterAll } from 'vitest';
import { type Catalogue, createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '#sandbox/start.ts';

/** One catalogue for all tests of a file; it is the same one the sandbox has. */
export const catalogue: Catalogue = createCatalogue();

/** An answer as tests compare it. */
export type Answer = { status: number; headers: Headers; body: unknown };

/** A sandbox that is stopped after the tests of the file. */
export async function sandboxForTests(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ pace: 'zero', ...options });
  afterAll(() => sandbox.stop());
  return sandbox;
}

/** Asks and reads the answer, as JSON where it is JSON. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Posts JSON. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Looks into an answer by keys and indexes; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  );
}

/** The bearer header for Spotify's Web API. */
export async function spotifyBearer(sandbox: Sandbox): Promise<Record<string, string>> {
  const { SPOTIFY_CLIENT_ID: id, SPOTIFY_CLIENT_SECRET: secret } = sandboxCredentials;
  const { body } = await ask(`${sandbox.urls.SPOTIFY_ACCOUNTS_URL}/api/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  return { authorization: `Bearer ${String(at(body, 'access_token'))}` };
}

/** The tokens of The MLC. */
export async function mlcTokens(sandbox: Sandbox): Promise<unknown> {
  const { MLC_USERNAME: username, MLC_PASSWORD: password } = sandboxCredentials;
  return (await post(`${sandbox.urls.MLC_API_URL}/oauth/token`, { username, password })).body;
}

/** The bearer header for Chartmetric. */
export async function chartmetricBearer(sandbox: Sandbox): Promise<Record<string, string>> {
  const { CHARTMETRIC_REFRESH_TOKEN: refreshtoken } = sandboxCredentials;
  const { body } = await post(`${sandbox.urls.CHARTMETRIC_API_URL}/api/token`, { refreshtoken });
  return { authorization: `Bearer ${String(at(body, 'token'))}` };
}
