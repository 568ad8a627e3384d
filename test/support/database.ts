import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseUrl } from './addresses.ts';

/** A database nobody else uses. */
export type FreshDatabase = {
  readonly url: string;
  /** Deletes it, connections to it included. */
  drop(): Promise<void>;
};

const asSuperuser = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/** Creates an empty database with a random name on the run's Postgres; a test file makes its own and drops it. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asSuperuser(`create database ${name}`);
  const url = new URL(databaseUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asSuperuser(`drop database if exists ${name} with (force)`) };
};
