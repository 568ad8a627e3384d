import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { fromChartmetricId, toChartmetricId } from '../catalogue/numbers.ts';
import { isRecording, type Recording } from '../catalogue/recordings.ts';
import { sandboxCredentials } from '../credentials.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';
import { historyShape, trackShape } from './shapes.ts';

const tokenBody = z.object({ refreshtoken: z.string() });

/** Chartmetric's API: ids of a track, the track with its statistics, and its history. */
export function chartmetric(catalogue: Catalogue, tokens: Tokens): Provider {
  const byId = (text: string): Recording | null => {
    const number = fromChartmetricId(Number(text));
    if (number === null || !isRecording(catalogue.world, number)) return null;
    const recording = catalogue.recording(number);
    return recording.has('unknownToChartmetric') ? null : recording;
  };
  const track = ({ params, now }: Ask): Reply => {
    const recording = byId(params['id'] ?? '');
    return recording === null ? refuse(404, null) : json(200, { obj: trackShape(catalogue, recording, now) });
  };
  const history = ({ params, query, now }: Ask): Reply => {
    const recording = byId(params['id'] ?? '');
    if (recording === null) return refuse(404, null);
    return json(200, { obj: [historyShape(catalogue, recording, query, now)] });
  };
  const idAsked = ({ params }: Ask): readonly string[] => [params['id'] ?? ''];
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/api/track/:type/:value/get-ids',
      endpoint: 'get-ids',
      ids: ({ params }) => [params['value'] ?? ''],
      answer: ids(catalogue),
    },
    { method: 'GET', path: '/api/track/:id', endpoint: 'track', ids: idAsked, answer: track },
    { method: 'GET', path: '/api/track/:id/:platform/stats/:mode', endpoint: 'stats', ids: idAsked, answer: history },
  ];
  return {
    name: 'chartmetric',
    routes: [token(tokens), ...routes.map((route) => guarded(route, tokens))],
    refuse,
    expireTokens: () => tokens.expire(Date.now()),
  };
}

// Unknown paths fall through to the internal API, so a wrong path looks like a lost session (providers' known trap).
const messages: Readonly<Record<number, string>> = {
  401: 'Session token not found or was expired. User is not authorized to access this Chartmetric internal API endpoint.',
  403: 'Your plan does not include this endpoint.',
  404: 'Not found',
  429: 'Too many requests',
};

function refuse(status: number, retryAfter: number | null): Reply {
  const error = messages[status] ?? 'Internal Server Error';
  return json(status, { error }, { ...waiting(retryAfter), ...noRate });
}

const noRate = { 'x-ratelimit-limit': 'false', 'x-ratelimit-remaining': 'false', 'x-ratelimit-reset': 'false' };

function rate({ quota, now }: Ask): Readonly<Record<string, string>> {
  const { limit, remaining, resetAt } = quota ?? { limit: 25, remaining: 24, resetAt: now + 1000 };
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
  };
}

function guarded(route: Route, tokens: Tokens): Route {
  const answer = (ask: Ask): Reply => {
    const verdict = tokens.check(ask.headers.authorization, 'access', ask.now);
    if (verdict !== 'good') return json(401, { error: 'Token expired or invalid.' }, noRate);
    const reply = route.answer(ask);
    return { ...reply, headers: { ...reply.headers, ...rate(ask) } };
  };
  return { ...route, answer };
}

/** Takes the refresh token under `refreshtoken`, one word in small letters; rate headers say `"false"` here. */
function token(tokens: Tokens): Route {
  const answer = ({ body, now }: Ask): Reply => {
    const asked = tokenBody.safeParse(parsed(body));
    if (!asked.success || asked.data.refreshtoken !== sandboxCredentials.CHARTMETRIC_REFRESH_TOKEN) {
      return json(401, { error: 'Invalid refresh token' }, noRate);
    }
    const access = tokens.issue('access', 3600, now);
    return json(200, { token: access, expires_in: 3600, refresh_token: asked.data.refreshtoken, scope: 'api' }, noRate);
  };
  return { method: 'POST', path: '/api/token', endpoint: 'token', answer };
}

function ids(catalogue: Catalogue): (ask: Ask) => Reply {
  return ({ params }) => {
    const { type = '', value = '' } = params;
    const number = numberOf(catalogue, type, value);
    const recording = number === null ? null : catalogue.recording(number);
    if (recording === null || recording.has('unknownToChartmetric')) return json(200, { obj: [] });
    const entry = {
      isrc: type === 'isrc' ? value : recording.isrc,
      chartmetric_ids: [toChartmetricId(recording.number)],
      spotify_ids: [type === 'spotify' ? value : catalogue.resolve.trackId(recording.number)],
      itunes_ids: null,
      deezer_ids: null,
      amazon_ids: null,
      youtube_ids: null,
    };
    return json(200, { obj: [entry] });
  };
}

function numberOf({ resolve }: Catalogue, type: string, value: string): number | null {
  if (type === 'isrc') return resolve.isrc(value);
  return type === 'spotify' ? resolve.track(value) : null;
}
