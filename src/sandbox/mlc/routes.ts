import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { toSongCode } from '../catalogue/numbers.ts';
import type { Work } from '../catalogue/works.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';
import { login } from './login.ts';
import { type Registration, recordingShape, songShape, workShape } from './shapes.ts';

const isrcBody = z.object({ isrc: z.string().default('') });
const worksBody = z.array(z.object({ mlcsongCode: z.string() }));
const songBody = z.object({
  title: z.string().min(1),
  writers: z
    .array(
      z.object({
        writerFirstName: z.string().default(''),
        writerLastName: z.string().default(''),
        writerIPI: z.string().default(''),
      }),
    )
    .min(1),
});

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
    { method: 'POST', path: '/search/songcode', endpoint: 'search-songcode', answer: songs(catalogue) },
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

const messages: Readonly<Record<number, string>> = { 401: 'Unauthorized', 404: 'Not Found', 429: 'Too Many Requests' };

function refuse(status: number, retryAfter: number | null): Reply {
  return json(status, { message: messages[status] ?? 'Internal Server Error' }, waiting(retryAfter));
}

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
    if (number === null) return json(200, []);
    const recording = catalogue.recording(number);
    if (recording.has('withoutMlcMatch') || !recording.work.registered) return json(200, []);
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

function songs(catalogue: Catalogue): (ask: Ask) => Reply {
  return ({ body }) => {
    const asked = songBody.safeParse(parsed(body));
    if (!asked.success) return badRequest;
    const writers = asked.data.writers.flatMap((writer) => {
      const byIpi = writer.writerIPI === '' ? null : catalogue.search.writerWithIpi(writer.writerIPI);
      return byIpi === null ? named(catalogue, writer) : [byIpi];
    });
    const found = titlesOf(asked.data.title).flatMap((title) => catalogue.search.works(title, writers));
    const unique = [...new Map(found.map((work) => [work.number, work])).values()].filter(
      ({ registered }) => registered,
    );
    const ranked = unique.sort(
      (one, other) => overlap(other, writers) - overlap(one, writers) || one.number - other.number,
    );
    return json(
      200,
      ranked.slice(0, 10).map((work) => songShape({ work, registration: 0, code: work.songCode })),
    );
  };
}

/** The share of writers that a work and a question have in common: the best hits come first, as the service's do. */
function overlap(work: Work, asked: readonly number[]): number {
  const common = work.writers.filter(({ writer }) => asked.includes(writer.number)).length;
  return common / (work.writers.length + new Set(asked).size - common);
}

/** Names come as `first last` or, for scripts that put the family first, the other way round. */
function named(catalogue: Catalogue, writer: { writerFirstName: string; writerLastName: string }): readonly number[] {
  const { writerFirstName: first, writerLastName: last } = writer;
  const names = [`${first} ${last}`, `${last} ${first}`, `${last}${first}`];
  return [...new Set(names.flatMap((name) => catalogue.search.writersNamed(name)))];
}

/** The title as given, and without a version in brackets or after a dash. */
const titlesOf = (title: string): readonly string[] => [
  ...new Set([title, title.replace(/ ( ?- |\(|\[).*$/u, '').trim()]),
];
