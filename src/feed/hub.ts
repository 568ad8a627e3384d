import type { FeedLog } from './ports.ts';

/** A message as it goes to every client: encoded once. */
export type Encoded = { readonly cursor: number; readonly text: string };

export type Hub = {
  /** The newest cursor this server knows. */
  head(): number;
  /** Between these cursors a client can resume. Another server may have shown a client more than this one has read yet. */
  bounds: FeedLog['bounds'];
  /** Messages after the cursor, at most `limit`; from memory for those who keep up, from the table for the others. */
  after(cursor: number, limit: number): Promise<readonly Encoded[]>;
  /** Resolves when there is more after the cursor, or the signal aborts. */
  moved(cursor: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type HubSettings = {
  /** How many of the newest messages stay in memory for all clients together. */
  readonly kept: number;
  readonly page: number;
  readonly trimEveryMs: number;
  readonly keepForMs: number;
};

export const HUB: HubSettings = { kept: 4096, page: 512, trimEveryMs: 600_000, keepForMs: 86_400_000 };

/**
 * Reads the feed once for all clients of this server. Clients pull, so a slow one costs nothing but its own delay.
 * @param failed told when the feed could not be read; it is read again at the next notification
 */
export async function openHub(log: FeedLog, failed: (error: unknown) => void, settings = HUB): Promise<Hub> {
  let newest: readonly Encoded[] = [];
  /** Who waits, and after which cursor: one that comes from another server may be ahead of this one. */
  const waiting = new Map<() => void, number>();
  const bounds = await log.bounds();
  let head = bounds.head;
  let oldest = head;
  let reading: Promise<void> | null = null;
  let missed = false;

  async function readOn(): Promise<void> {
    for (;;) {
      const page = (await log.after(head, settings.page)).map(encode);
      if (page.length === 0) return;
      keep(page);
    }
  }

  function keep(page: readonly Encoded[]): void {
    newest = [...newest, ...page];
    if (newest.length > settings.kept * 2) {
      const dropped = newest.slice(0, -settings.kept);
      oldest = dropped.at(-1)?.cursor ?? oldest;
      newest = newest.slice(-settings.kept);
    }
    head = page.at(-1)?.cursor ?? head;
    for (const [wake, cursor] of waiting) if (head > cursor) wake();
  }

  /** One reading at a time; a call during it makes it go round once more, for it may just have seen the end. */
  function catchUp(): void {
    missed = true;
    reading ??= (async () => {
      while (missed) {
        missed = false;
        await readOn();
      }
    })()
      .catch(failed)
      .finally(() => {
        reading = null;
        if (missed) catchUp();
      });
  }

  const listening = await log.listen(catchUp);
  catchUp();
  const trimming = setInterval(() => log.trim(settings.keepForMs).catch(failed), settings.trimEveryMs).unref();

  return {
    head: () => head,
    bounds: log.bounds,
    async after(cursor, limit) {
      if (cursor < oldest) return (await log.after(cursor, limit)).map(encode);
      const from = firstAfter(newest, cursor);
      return newest.slice(from, from + limit);
    },
    moved(cursor, signal) {
      if (head > cursor || signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.set(wake, cursor);
      signal.addEventListener('abort', wake);
      return promise;
    },
    async close() {
      clearInterval(trimming);
      await listening.close();
      await reading;
    },
  };
}

const encode = <Message extends { readonly cursor: number }>(message: Message): Encoded => ({
  cursor: message.cursor,
  text: JSON.stringify(message),
});

/** Index of the first message after the cursor; messages are in order. */
function firstAfter(messages: readonly Encoded[], cursor: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.cursor ?? 0) > cursor) high = middle;
    else low = middle + 1;
  }
  return low;
}
