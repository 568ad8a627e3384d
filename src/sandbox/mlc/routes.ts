import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { toSongCode } from '../catalogue/numbers.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';
import { login } from './login.ts';
import { type Registration, recordingShape, workShape } from './shapes.ts';
import { songs } from './songs.ts';

const isrcBody = z.object({ isrc: z.string().default('') });
const worksBody = z.array(z.object({ mlcsongCode: z.string() }));
/** The MLC's public search API: recordings by ISRC, songs by title and writers, works by code. */
export function mlc(catalogue: Catalogue, tokens: Tokens): Provider {
  const registration = (code: string): Registration | null => {
    const found = catalogue.resolve.songCode(code);
    if (found === null) return null;
    const work = catalogue.work(found.work);
    return work.registered ? { work, registration: found.registration, code } : null;
  };
  const works = ({ body }: Ask): Reply => {
    const asked = worksBody.safeParse(parsed(body));
    if (!asked.success) return badRequest;
    const found = asked.data.map(({ mlcsongCode }) => registration(mlcsongCode)).filter((one) => one !== null);
    return json(
      200,
      found.map((one) => workShape(catalogue, one)),
    );
  };
  const work = ({ params }: Ask): Reply => {
    const found = registration(params['code'] ?? '');
    return found === null ? refuse(404, null) : json(200, workShape(catalogue, found));
  };
  const routes: readonly Route[] = [
    {
      method: 'POST',
      path: '/search/recordings',
      endpoint: 'search-recordings',
      ids: isrcAsked,
      answer: recordings(catalogue),
    },
    { method: 'POST', path: '/search/songcode', endpoint: 'search-songcode', answer: songs(catalogue, badRequest) },
    {
      method: 'GET',
      path: '/work/id/:code',
      endpoint: 'work',
      ids: ({ params }) => [params['code'] ?? ''],
      answer: work,
    },
    { method: 'POST', path: '/works', endpoint: 'works', ids: codesAsked, answer: works },
  ];
  return {
    name: 'mlc',
    routes: [login(tokens), ...routes.map((route) => guarded(route, tokens))],
    refuse,
    expireTokens: () => tokens.expire(Date.now()),
  };
}

const messages: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
};

function refuse(status: number, retryAfter: number | null): Reply {
  return json(status, { message: messages[status] ?? 'Internal Server Error' }, waiting(retryAfter));
}

/** "No such thing" comes in two ways: as an empty list, and as 404. */
const unknown = (number: number | null): Reply =>
  number !== null && number % 3 === 0 ? refuse(404, null) : json(200, []);

const badRequest = json(400, { message: 'Bad Request' });

/** The data calls want the id token: the access token, which looks like the right one, is refused. */
function guarded(route: Route, tokens: Tokens): Route {
  return {
    ...route,
    answer: (ask) =>
      tokens.check(ask.headers.authorization, 'id', ask.now) === 'good' ? route.answer(ask) : refuse(401, null),
  };
}

const isrcAsked = ({ body }: Ask): readonly string[] => {
  const asked = isrcBody.safeParse(parsed(body));
  return asked.success && asked.data.isrc !== '' ? [asked.data.isrc] : [];
};

const codesAsked = ({ body }: Ask): readonly string[] => {
  const asked = worksBody.safeParse(parsed(body));
  return asked.success ? asked.data.map(({ mlcsongCode }) => mlcsongCode) : [];
};

function recordings(catalogue: Catalogue): (ask: Ask) => Reply {
  return (ask) => {
    const [isrc = ''] = isrcAsked(ask);
    const number = catalogue.resolve.isrc(isrc);
    if (number === null) return unknown(number);
    const recording = catalogue.recording(number);
    if (recording.has('withoutMlcMatch') || !recording.work.registered) return unknown(number);
    const matches: Registration[] = [{ work: recording.work, registration: 0, code: recording.work.songCode }];
    const second = recording.secondWork;
    if (second?.work.registered) matches.push({ ...second, code: toSongCode(second.work.number, second.registration) });
    // The catalogue's own song is not always the first hit: a client has to choose.
    if (number % 2 === 1) matches.reverse();
    return json(
      200,
      matches.map((match) => recordingShape(recording, isrc, match)),
    );
  };
}
