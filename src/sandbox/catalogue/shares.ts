import {
  bearsItsWriter,
  homePublisher,
  ownCompany,
  type Publisher,
  publisherOf,
  selfAdministration,
} from './publishers.ts';
import type { Work } from './works.ts';
import type { World } from './world.ts';

/** One publisher's part of a work, in percent; 0 stands for "not stated". */
export type Share = {
  publisher: Publisher;
  percent: number;
  /** An original publisher, or one who only collects for the writers. */
  role: 'E' | 'AM';
  /** A chain: each is administered by the next. */
  administrators: readonly Publisher[];
  parents: readonly Publisher[];
  writer: number;
};

/** Who publishes a work and with what share; empty for an unsigned one. */
export function sharesOf(world: World, work: Work): readonly Share[] {
  const subject = world.draw('work', work.number);
  const owners = ownersOf(world, work);
  const total = {
    disputed: 100 + subject.between(10, 100, 'claimed twice'),
    partial: subject.between(40, 90, 'claimed'),
  };
  const whole = work.publishing === 'disputed' ? total.disputed : work.publishing === 'partial' ? total.partial : 100;
  if (work.publishing === 'unsigned') return collectors(world, work);
  const unstated = work.publishing === 'signed' && subject.chance(0.04, 'share not stated');
  return owners.map(({ publisher, writer }, index) => ({
    publisher,
    percent: unstated ? 0 : portion(whole, owners.length, index),
    role: 'E' as const,
    administrators: administrators(world, work, publisher, writer),
    parents:
      publisher.group === null || publisher.group === groupNumber(publisher)
        ? []
        : [publisherOf(world, publisher.group)],
    writer,
  }));
}

type Owner = { publisher: Publisher; writer: number };

function ownersOf(world: World, work: Work): readonly Owner[] {
  if (work.publishing === 'selfPublished') {
    return work.writers.map(({ writer }) => ({ publisher: ownCompany(world, writer), writer: writer.number }));
  }
  const signed = work.writers.map(({ writer }) => ({ publisher: homePublisher(world, writer), writer: writer.number }));
  const [first] = signed;
  if (first === undefined) return [];
  if (work.publishing === 'signed' || work.publishing === 'partial') return [first];
  const others = signed.filter(
    ({ publisher }) => publisher.group !== first.publisher.group || publisher.group === null,
  );
  const distinct = others.filter(({ publisher }) => publisher.id !== first.publisher.id);
  return distinct.length > 0
    ? [first, ...distinct]
    : [first, { publisher: rival(world, first.publisher), writer: first.writer }];
}

/** A publisher of no group, so that it never is in the group of the first. */
function rival(world: World, publisher: Publisher): Publisher {
  const one = publisherOf(world, 390);
  return one.id === publisher.id ? publisherOf(world, 391) : one;
}

/** Equal parts in hundredths; the last one takes what rounding left. */
function portion(whole: number, count: number, index: number): number {
  const each = Math.floor((whole * 100) / count) / 100;
  return index < count - 1 ? each : Math.round((whole - each * (count - 1)) * 100) / 100;
}

/**
 * A third of own companies and a fifth of publishers let a large publisher collect for them, which does not own the work; some of
 * those hand it on to another. The chain of an own company that bears neither its writer's name nor IPI ends at the writer.
 */
function administrators(world: World, work: Work, publisher: Publisher, writer: number): readonly Publisher[] {
  const subject = world.draw('administration', `${publisher.id} ${writer}`);
  const owner = world.writer(writer);
  const self =
    work.publishing === 'selfPublished' && !bearsItsWriter(publisher, owner) ? [selfAdministration(owner)] : [];
  if (!subject.chance(work.publishing === 'selfPublished' ? 0.33 : 0.2, 'administered')) return self;
  const first = publisherOf(world, subject.below(40, 'administrator'));
  const second = subject.chance(0.3, 'handed on')
    ? [publisherOf(world, subject.below(40, 'second administrator'))]
    : [];
  return [first, ...second, ...self];
}

/** Some unsigned works list an administrator, who owns nothing of them. */
function collectors(world: World, work: Work): readonly Share[] {
  const subject = world.draw('collection', work.number);
  const [first] = work.writers;
  if (first === undefined || !subject.chance(0.25, 'collected')) return [];
  const publisher = publisherOf(world, subject.below(40, 'collector'));
  return [{ publisher, percent: 100, role: 'AM', administrators: [], parents: [], writer: first.writer.number }];
}

const groupNumber = (publisher: Publisher): number => Number(publisher.id) - 700_000;
