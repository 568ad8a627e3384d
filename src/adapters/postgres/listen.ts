import type { Pool, PoolClient } from 'pg';

const AGAIN_AFTER_MS = 1000;

/**
 * Listens on a channel with a connection of the pool's for as long as it is wanted, over lost connections.
 * @param heard called for every notification, and after every reconnect, since some may have been missed
 */
export async function listenOn(pool: Pool, channel: string, heard: () => void): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let listening: PoolClient | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const client = await pool.connect();
    client.on('notification', heard);
    client.on('error', lost);
    try {
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    listening = client;
  }

  function lost(): void {
    const client = listening;
    listening = null;
    if (client === null || closed) return;
    client.release(true);
    again();
  }

  function again(): void {
    timer = setTimeout(() => {
      connect().then(heard, again);
    }, AGAIN_AFTER_MS);
  }

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      listening?.release(true);
      listening = null;
    },
  };
}
