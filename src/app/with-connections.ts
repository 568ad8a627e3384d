import { type Config, configOf, type Problem } from './config.ts';
import { addressesOf, type Connections, connect, type Prepare } from './connect.ts';

/**
 * Runs one piece of work with the connections that the environment names, and closes them whatever happens.
 * @param prepare how tables are made that are not there; by `prepareDatabase` unless told
 * @returns what the work returns, or every problem of the configuration
 */
export async function withConnections<Answer>(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  work: (connections: Connections, config: Config) => Promise<Answer>,
  prepare?: Prepare,
): Promise<{ readonly answer: Answer } | { readonly problems: readonly Problem[] }> {
  const read = configOf(env);
  if (!read.ok) return { problems: read.problems };
  const addresses = addressesOf(read.config);
  if ('problems' in addresses) return addresses;
  const connections = await connect(read.config, addresses, name, prepare);
  try {
    return { answer: await work(connections, read.config) };
  } finally {
    await connections.close();
  }
}
