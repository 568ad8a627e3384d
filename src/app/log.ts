import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Names of fields that never reach a log, wherever they stand. */
const HIDDEN = ['authorization', 'Authorization', 'password', 'clientSecret', 'refreshToken', 'accessToken', 'idToken'];

/**
 * The process's logger: one JSON object a line, on stderr or in a file, so that stdout stays the answer of a command.
 * @param level least level that is written
 * @param name which worker speaks
 * @param file where to; `undefined` is stderr
 */
export const logger = (level: string, name: string, file: string | undefined): Logger =>
  pino(
    {
      level,
      base: { worker: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...HIDDEN, ...HIDDEN.map((field) => `*.${field}`)], remove: true },
    },
    pino.destination({ dest: file ?? 2, sync: true, mkdir: true }),
  );
