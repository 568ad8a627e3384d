import { SOURCES } from '#projector/sources.ts';
import type { Lane } from '#stream/message.ts';
import type { Position } from '#stream/record.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

/** Every topic on which a record about a track can stand. */
export const TRACK_TOPICS: readonly string[] = [...SOURCES.keys()];

/** The record that an event or a letter was made of, as its id says (`group:topic:partition:offset`); `null` for other ids. */
export function inputOf(id: string): { readonly group: string; readonly at: Position } | null {
  const [, group, topic, partition, offset] = /^([^:]+):([^:]+):(\d+):(\d+)$/.exec(id) ?? [];
  if (group === undefined || topic === undefined || !SOURCES.has(topic)) return null;
  return { group, at: { topic, partition: Number(partition), offset: Number(offset) } };
}

const isReplay = (topic: string): boolean => PHASES.some((phase) => TOPOLOGY[phase].replay === topic);

/** The phase that wrote an event with this id; `null` for what came from outside, a redrive or a replay. */
export function writerOf(id: string): PhaseName | null {
  const group = inputOf(id)?.group;
  return PHASES.find((phase) => TOPOLOGY[phase].group === group) ?? null;
}

/** What is made of a record of the replay lane stays in it, also where both lanes end in one topic. */
export function laneOf(topic: string, id: string): Lane {
  return isReplay(topic) || isReplay(inputOf(id)?.at.topic ?? '') ? 'replay' : 'live';
}

/** The phase that reads what stands at this place of the chain; `null` at its end. */
export const readerAt = (reached: number): PhaseName | null => PHASES[reached] ?? null;
