import { readFileSync } from 'node:fs';
import { TOPIC_VALUES } from '#track/values.ts';

/** The subject under which a topic's value schema is registered (TopicNameStrategy); also the name of its file. */
export const subjectOf = (topic: string): string => `${topic}-value`;

/** A schema file of this release. */
export type ShippedSchema = { readonly topic: string; readonly subject: string; readonly text: string };

/** Reads the schema of every topic that has one from `schemas/`. */
export function shippedSchemas(): readonly ShippedSchema[] {
  return Object.keys(TOPIC_VALUES).map((topic) => {
    const subject = subjectOf(topic);
    const file = new URL(`../../../schemas/${subject}.avsc`, import.meta.url);
    // Whitespace is dropped: registries keep and compare the text they are given.
    return { topic, subject, text: JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) };
  });
}
