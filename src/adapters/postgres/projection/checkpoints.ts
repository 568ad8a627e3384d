import type { PoolClient } from 'pg';
import type { Checkpoint } from '#projector/ports.ts';
import type { TopicPartition } from '#stream/record.ts';

const TAKE = `
  insert into linernotes.checkpoints as c (projection, topic, partition, epoch) values ($1, $2, $3::int, 1)
  on conflict (projection, topic, partition) do update set epoch = c.epoch + 1
  returning epoch, next_offset as next`;

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

/** Moves the checkpoint on if it is still ours and stands where we think; locks it until the transaction ends. */
export async function advance(client: PoolClient, name: string, from: Checkpoint, next: number): Promise<boolean> {
  const values = [name, from.topic, from.partition, from.epoch, from.next, next];
  const { rowCount } = await client.query({ name: 'advance-checkpoint', text: ADVANCE, values });
  return rowCount === 1;
}
