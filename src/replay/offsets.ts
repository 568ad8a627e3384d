/** A part of a partition; `to` is the first offset outside, `null` the end as it is when the replay starts. */
export type OffsetRange = { readonly partition: number; readonly from: number; readonly to: number | null };

type Wrong = { readonly wrong: string };

/**
 * Reads parts of partitions: `0:100-200,3:0-`, the offsets from 100 up to 199 of partition 0 and all of partition 3.
 * @returns the parts, or what is wrong with them
 */
export function offsetRangesOf(text: string): readonly OffsetRange[] | Wrong {
  const ranges: OffsetRange[] = [];
  for (const part of text.split(',')) {
    const range = rangeIn(part.trim());
    if ('wrong' in range) return range;
    if (ranges.some(({ partition }) => partition === range.partition)) {
      return { wrong: `offsets: partition ${range.partition} is named twice; replay its parts one after the other.` };
    }
    ranges.push(range);
  }
  return ranges;
}

function rangeIn(part: string): OffsetRange | Wrong {
  const [, partition, from, to] = /^(\d{1,9}):(\d{1,15})-(\d{0,15})$/.exec(part) ?? [];
  if (partition === undefined) {
    return {
      wrong: `offsets: "${part}" is no part of a partition; write partition:from-to, such as 0:100-200 or 0:100-.`,
    };
  }
  const range = { partition: Number(partition), from: Number(from), to: to ? Number(to) : null };
  return range.to === null || range.to > range.from ? range : { wrong: `offsets: "${part}" ends before it begins.` };
}
