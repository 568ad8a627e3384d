import { dockerAnswers } from './docker.ts';
import { chooseDoor, type Doors, explainMissing, SERVICES, VARIABLE } from './doors.ts';
import { localFailure } from './failure.ts';
import { findJavas, type Java } from './java.ts';
import { searchMachine } from './machine.ts';

/** Where every service will come from, and the Java runtimes those of this machine may use. */
export type SearchResult = { readonly doors: Doors; readonly javas: readonly Java[] };

/** Looks for a door for every service; throws a text that names the mends if one has none. */
export const searchDoors = async (env: NodeJS.ProcessEnv, downloads: string): Promise<SearchResult> => {
  if (SERVICES.every((name) => (env[VARIABLE[name]] ?? '').trim() !== '')) {
    // Nothing is searched for when every address is given.
    return { doors: chooseDoor(env, false, { kafka: null, registry: null, postgres: null }), javas: [] };
  }
  const [docker, javas] = await Promise.all([dockerAnswers(env), findJavas(env)]);
  const doors = chooseDoor(env, docker, await searchMachine(javas, downloads));
  const missing = explainMissing(doors);
  if (missing !== null) throw localFailure(missing);
  return { doors, javas };
};
