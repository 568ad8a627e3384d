import { type Log, persist } from './persist.ts';

/** What the registry said: its status, its Confluent error code when it gave one, its body. */
type Answer = {
  readonly status: number;
  readonly code: number | null;
  readonly body: Readonly<Record<string, unknown>>;
};

/** What a registry says of a schema put to it. */
export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly reasons: readonly string[] };

/** The part of the Confluent REST API that the kafkajs client does not offer, or where it drops the error code. */
export type RegistryRest = {
  /** All versions of the subject, oldest first, as schema text; none when the registry has no such subject. */
  history(subject: string): Promise<readonly string[]>;
  /** The subject's own compatibility level, `null` when it has none. */
  level(subject: string): Promise<string | null>;
  /** @returns false when the registry cannot set it before the subject exists */
  setLevel(subject: string, level: string): Promise<boolean>;
  /** The id under which exactly this schema stands in the subject, `null` when it does not. */
  find(subject: string, schema: string): Promise<number | null>;
  /** Would the schema be accepted beside all versions that the subject's level looks at? */
  test(subject: string, schema: string): Promise<Verdict>;
  /** Registers; the id of the same schema when it stands there already. */
  register(subject: string, schema: string): Promise<{ readonly id: number } | { readonly refused: string }>;
  /** A subject and version that hold the schema of this id; `null` when the registry knows none. */
  standing(id: number): Promise<{ readonly subject: string; readonly version: number } | null>;
  /** Has the registry itself (no proxy before it) a schema under this id? Asked once: who asks tries again. */
  knows(id: number): Promise<boolean>;
};

const TIMEOUT = 10_000;
const JSON_TYPE = 'application/vnd.schemaregistry.v1+json';
const NO_SUCH_SCHEMA = 40403;

/** @param url of the Confluent API, for Apicurio with its path /apis/ccompat/v7 */
export function registryRest(url: string, log: Log): RegistryRest {
  const base = url.replace(/\/+$/, '');

  /** One call. Answers that say something about the question come back; all others are lost infrastructure. */
  async function once(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(base + path, {
      method,
      headers: { accept: JSON_TYPE, 'content-type': JSON_TYPE },
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw new Error(`The schema registry at ${base} does not answer.`, { cause });
    });
    const answer = answerOf(response.status, await response.text());
    if (answer.status !== 200 && (answer.code === null || ![404, 409, 422].includes(answer.status))) {
      throw new Error(`The schema registry at ${base} answered ${response.status} to ${method} ${path}.`);
    }
    return answer;
  }

  const call = (method: string, path: string, body?: object): Promise<Answer> =>
    persist(log, `${method} ${path}`, () => once(method, path, body));

  const of = (subject: string): string => encodeURIComponent(subject);

  return {
    async history(subject) {
      const { status, body } = await call('GET', `/subjects/${of(subject)}/versions`);
      if (status !== 200) return [];
      const versions = Object.values(body) as number[];
      const stored = await Promise.all(
        versions.map((version) => call('GET', `/subjects/${of(subject)}/versions/${version}`)),
      );
      return stored.map((version) => String(version.body['schema']));
    },

    async level(subject) {
      const { status, body } = await call('GET', `/config/${of(subject)}`);
      return status === 200 ? String(body['compatibilityLevel'] ?? body['compatibility']) : null;
    },

    async setLevel(subject, level) {
      return (await call('PUT', `/config/${of(subject)}`, { compatibility: level })).status === 200;
    },

    async find(subject, schema) {
      const { status, body } = await call('POST', `/subjects/${of(subject)}`, { schema });
      return status === 200 ? Number(body['id']) : null;
    },

    async test(subject, schema) {
      const path = `/compatibility/subjects/${of(subject)}/versions?verbose=true`;
      const { status, body } = await call('POST', path, { schema });
      if (status === 404 || body['is_compatible'] === true) return { accepted: true };
      return { accepted: false, reasons: [body['messages'] ?? body['message'] ?? []].flat().map(String) };
    },

    async register(subject, schema) {
      const { status, body } = await call('POST', `/subjects/${of(subject)}/versions`, { schema });
      return status === 200 ? { id: Number(body['id']) } : { refused: String(body['message']) };
    },

    async standing(id) {
      const { status, body } = await call('GET', `/schemas/ids/${id}/versions`);
      const [first] = status === 200 ? (Object.values(body) as { subject: string; version: number }[]) : [];
      return first === undefined ? null : { subject: String(first.subject), version: Number(first.version) };
    },

    async knows(id) {
      const { status, code } = await once('GET', `/schemas/ids/${id}`);
      if (status === 200) return true;
      if (code === NO_SUCH_SCHEMA) return false;
      throw new Error(`The schema registry at ${base} answered ${status} (${code}) when asked for schema ${id}.`);
    },
  };
}

function answerOf(status: number, text: string): Answer {
  const body = parsed(text);
  const code = body['error_code'];
  return { status, code: typeof code === 'number' ? code : null, body };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
