import { command as cancel } from './cancel.ts';
import type { Command } from './command.ts';
import { command as credits } from './credits.ts';
import { command as deadLetters } from './dead-letters.ts';
import { command as doctor } from './doctor.ts';
import { command as ingest } from './ingest.ts';
import { command as ledger } from './ledger.ts';
import { command as operations } from './operations.ts';
import { command as rebuild } from './rebuild.ts';
import { command as refresh } from './refresh.ts';
import { command as replay } from './replay.ts';
import { command as resume } from './resume.ts';
import { command as run } from './run.ts';
import { command as sandbox } from './sandbox.ts';
import { command as schemas } from './schemas.ts';
import { command as start } from './start.ts';
import { command as status } from './status.ts';
import { command as topics } from './topics.ts';
import { command as track } from './track.ts';
import { command as withdraw } from './withdraw.ts';

/** Every command, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  start,
  run,
  ingest,
  status,
  track,
  cancel,
  withdraw,
  deadLetters,
  operations,
  replay,
  refresh,
  rebuild,
  resume,
  ledger,
  credits,
  doctor,
  topics,
  schemas,
  sandbox,
];
