import type { PoolClient } from 'pg';
import type { Checkpoint } from '#projector/ports.ts';
import type { TopicPartition } from '#stream/record.ts';

const TAKE = `
  insert into linernotes.checkpoints as c (projection, topic, partition, epoch) values ($1, $2, $3::int, 1)
  on conflict (projection, topic, partition) do update set epoch = c.epoch + 1
  returning epoch, next_offset as next`;

/** A swap changes this row and so waits for whoever takes a partition, and they for it. */
const LIVE = `select name from linernotes.read_models where state = 'live' for share`;

const ADVANCE = `
  update linernotes.checkpoints set next_offset = $6::bigint
  where projection = $1 and topic = $2 and partition = $3::int and epoch = $4::bigint
    and next_offset is not distinct from $5::bigint`;

/** Raises the partition's epoch, which makes every earlier checkpoint of it worthless, and reads where it stands. */
export async function take(
  client: PoolClient,
  name: string,
  { topic, partition }: TopicPartition,
): Promise<Checkpoint> {
  const query = { name: 'take-checkpoint', text: TAKE, values: [name, topic, partition] };
  const { rows } = await client.query<{ epoch: number; next: number | null }>(query);
  const [row] = rows;
  if (row === undefined) throw new Error(`The checkpoint of ${topic}/${partition} was not taken.`);
  return { topic, partition, ...row };
}

/** Looks for the live model: a swap that was waited for hides both the old and the new one from the statement that waited. */
const LOOKS = 3;

/** The same of whichever read model is live now; it stays so until the transaction ends. */
export async function takeLive(
  client: PoolClient,
  partition: TopicPartition,
): Promise<Checkpoint & { readonly projection: string }> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const { rows } = await client.query<{ name: string }>({ name: 'live-model', text: LIVE });
    const [live] = rows;
    if (live !== undefined) return { ...(await take(client, live.name, partition)), projection: live.name };
  }
  throw new Error('No read model is live.');
}

/** Moves the checkpoint on if it is still ours and stands where we think; locks it until the transaction ends. */
export async function advance(client: PoolClient, name: string, from: Checkpoint, next: number): Promise<boolean> {
  const values = [name, from.topic, from.partition, from.epoch, from.next, next];
  const { rowCount } = await client.query({ name: 'advance-checkpoint', text: ADVANCE, values });
  return rowCount === 1;
}
