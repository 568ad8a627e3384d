/** Those who wait for one thing. Its signal aborts when every one of them has gone. */
export type Crowd = {
  readonly signal: AbortSignal;
  join(member: AbortSignal): void;
  /** Lets go of the members' signals, which live longer than the wait. */
  close(): void;
};

/** A crowd of these to begin with; it has gone at once when all of them have left already. */
export function crowd(first: readonly AbortSignal[]): Crowd {
  const gone = new AbortController();
  const members = new Set<AbortSignal>();

  const leave = (event: Event): void => {
    const member = event.target as AbortSignal;
    members.delete(member);
    if (members.size === 0) gone.abort(member.reason);
  };

  const join = (member: AbortSignal): void => {
    if (member.aborted || members.has(member)) return;
    members.add(member);
    member.addEventListener('abort', leave, { once: true });
  };

  for (const member of first) join(member);
  if (members.size === 0) gone.abort(first[0]?.reason);

  return {
    signal: gone.signal,
    join,
    close: () => {
      for (const member of members) member.removeEventListener('abort', leave);
      members.clear();
    },
  };
}

/** Waits for the promise, but no longer than the signal lives: then rejects with its reason. The promise itself goes on. */
export function waitWhile<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
