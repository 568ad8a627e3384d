import type { Told } from '#app/told.ts';
import { EXIT, type Io } from './command.ts';

/**
 * Writes an answer as it was wanted.
 * @param missing what to say when there is none
 * @returns the exit code
 */
export function tell(
  answer: Told | null,
  { json, missing }: { readonly json: boolean; readonly missing: string },
  io: Io,
): number {
  if (answer === null) {
    io.err(missing);
    return EXIT.drift;
  }
  for (const line of json ? [JSON.stringify(answer.json)] : answer.lines(io.tty)) io.out(line);
  return EXIT.ok;
}
