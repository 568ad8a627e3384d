export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One thing that happened. Events of one record (`record.*`) name its track by `key`, where it stood and its trace; events of
 * the phase (`stage.*`, `batch.*`, `partition.*`) name the stage. `debug` tells each record, `info` each batch.
 */
export type Log = (level: LogLevel, event: string, fields: LogFields) => void;
