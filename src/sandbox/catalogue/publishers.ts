import { companyName } from './names.ts';
import { publisherCount, publisherGroupCount, publisherIpi } from './numbers.ts';
import type { Writer } from './people.ts';
import type { World } from './world.ts';

/** A publisher as registries list it; `group` is the number of the parent it belongs to, null when independent. */
export type Publisher = { id: string; name: string; ipi: string | null; mlcNumber: string; group: number | null };

/** The publisher of a number: the first ones are the parents of groups, the next 60 % belong to one, the rest to none. */
export function publisherOf(world: World, number: number): Publisher {
  const subject = world.draw('publisher', number);
  const isParent = number < publisherGroupCount;
  const inGroup = !isParent && number < publisherCount * 0.6;
  const ending = isParent
    ? 'Music Publishing Group'
    : subject.pick(['Songs', 'Music', 'Editions', 'Tunes Ltd.'], 'ending');
  return {
    id: String(700_000 + number),
    name: `${companyName(subject, ending)}${isParent ? '' : ` ${(number % 9) + 1}`}`,
    ipi: publisherIpi(number),
    mlcNumber: `P${String(10_000 + number)}Z`,
    group: isParent ? number : inGroup ? subject.below(publisherGroupCount, 'group') : null,
  };
}

/** The publisher a writer is signed to (the same for all the writer's works). */
export function homePublisher(world: World, writer: Writer): Publisher {
  return publisherOf(world, world.draw('writer', writer.number).rank(publisherCount, 'home publisher'));
}

/**
 * The company a writer publishes with alone: most are named after the writer and share the IPI, some have a name of their own with
 * the writer's IPI, and some neither.
 */
export function ownCompany(world: World, writer: Writer): Publisher {
  const subject = world.draw('own company', writer.number);
  const kind = subject.unit('kind');
  const fancy = `${companyName(subject, 'Songs')} ${100 + (writer.number % 900)}`;
  return {
    id: String(800_000 + writer.number),
    name: kind < 0.6 ? `${writer.name.full} Music` : fancy,
    ipi: kind < 0.8 ? writer.ipi : null,
    mlcNumber: `P${String(20_000 + writer.number)}Y`,
    group: null,
  };
}

/** Whether a company can be told to be its writer's by its name or IPI. */
export const bearsItsWriter = (company: Publisher, writer: Writer): boolean =>
  company.name.includes(writer.name.full) || (writer.ipi !== null && company.ipi === writer.ipi);

/** A writer as the administrator of an own company. */
export const selfAdministration = (writer: Writer): Publisher => ({
  id: String(900_000 + writer.number),
  name: writer.name.full,
  ipi: writer.ipi,
  mlcNumber: `P${String(30_000 + writer.number)}X`,
  group: null,
});
