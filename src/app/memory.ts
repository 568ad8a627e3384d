import { setFlagsFromString } from 'node:v8';

/**
 * How much garbage V8 lets lie, in percent of what is alive, before it looks through all of it; by itself it waits until the heap is
 * two or three times as large. What a worker has fetched lives for a second or so, long enough to be taken for lasting, so it is this
 * that decides on a busy worker's memory: 100 MB less for a tenth of its processor.
 */
const GARBAGE_PERCENT = 50;

/** Keeps the memory of a process that works on streams of events near what is alive in it. */
export const keepHeapSmall = (): void => setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
