import { userInfo } from 'node:os';

/** What linernotes calls itself where it acts without being told to. */
export const ITSELF = 'linernotes';

/**
 * Who does it: the name that was given, else the user of this process.
 * @param by what `--by` says
 */
export const whoOf = (by: string | undefined): string => by?.trim() || osUser();

/** A container may run under an id that has no name. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
