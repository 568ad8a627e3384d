/** Where a command reads from and writes to, so that tests run it in their own process. */
export type Io = {
  /** One line of the answer (stdout). */
  out(line: string): void;
  /** One line about how it went (stderr). */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user wants it to stop (SIGINT, SIGTERM). */
  readonly signal: AbortSignal;
  /** A person is looking: colours and redrawn lines are welcome. */
  readonly tty: boolean;
  /** Asks the person a question that yes or no answers; absent when nobody is there to be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
};

/** What every command ends with. */
export const EXIT = {
  ok: 0,
  /** Something it needs does not answer, or broke. */
  failed: 1,
  /** The command or its input was wrong. */
  usage: 2,
  /** It worked, and what it found is not as it should be. */
  drift: 3,
} as const;

export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** How to call it, several lines. */
  readonly usage: string;
  /** @returns the exit code, see `EXIT` */
  run(args: readonly string[], io: Io): Promise<number>;
};
