import { describe, expect, test } from 'vitest';
import { envelopeOf, eventIdOf, forceHeader, hopHeaders } from '#stream/envelope.ts';
import { infrastructureLost, isInfrastructureLost } from '#stream/lost.ts';
import { nextHop, traceIdOf } from '#stream/trace.ts';
import { at, START, until, world } from './world.ts';

/**
 * Chapter 12. The envelope: what travels beside the event, and what does not.
 */

const position = { topic: 'words.in', partition: 3, offset: 42 };
const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('the trace', () => {
  test('goes on with a span of its own, the same one when the same work is done again', () => {
    const parent = `00-${TRACE}-b7ad6b7169203331-00`;
    const hop = nextHop(parent, 'g:t:0:1');
    expect(hop).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(nextHop(parent, 'g:t:0:1')).toBe(hop);
    expect(nextHop(parent, 'g:t:0:2')).not.toBe(hop);
  });

  test.for([null, '', 'nonsense', `01-${TRACE}-b7ad6b7169203331-01`])('begins anew after %o', (parent) => {
    const hop = nextHop(parent, 'g:t:0:1');
    expect(traceIdOf(hop)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOf(hop)).not.toBe(TRACE);
  });
});

describe('the envelope', () => {
  test('is read from the headers', () => {
    const since = START;
    const headers = {
      ce_id: 'e1',
      'run-id': 'r1',
      traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
      force: forceHeader({ phases: ['credits', 'links'], since }),
    };
    expect(headers.force).toBe(`credits,links@${at(0)}`);
    expect(envelopeOf(headers, position)).toEqual({
      id: 'e1',
      runId: 'r1',
      traceparent: headers.traceparent,
      force: { phases: ['credits', 'links'], since },
    });
  });

  test('of a producer that writes none says where the record stands', () => {
    expect(envelopeOf({}, position)).toEqual({ id: 'words.in:3:42', runId: null, traceparent: null, force: null });
  });

  test.for(['', 'credits', 'credits@someday', `@${at(0)}`])('has no force when its header is %o', (force) => {
    expect(envelopeOf({ force }, position).force).toBeNull();
  });

  test('of an event that goes on has an id of group and place, and takes along only what is meant to travel', () => {
    const identity = { id: eventIdOf('g', position), type: 't', source: '/stages/s', subject: 'k', time: START };
    const headers = hopHeaders({ 'dl-id': 'x', 'x-mine': 'y', ce_custom: 'z', tracestate: 'a=b' }, identity);
    expect(headers['ce_id']).toBe('g:words.in:3:42');
    expect(Object.keys(headers).toSorted()).toEqual([
      'ce_id',
      'ce_source',
      'ce_specversion',
      'ce_subject',
      'ce_time',
      'ce_type',
      'content-type',
      'traceparent',
      'tracestate',
    ]);
  });
});

test('lost infrastructure is told apart from bugs, however deep it is wrapped', () => {
  const lost = infrastructureLost('postgres', new Error('ECONNREFUSED'));
  expect(isInfrastructureLost(lost)).toBe(true);
  expect(isInfrastructureLost(new Error('outer', { cause: new Error('inner', { cause: lost }) }))).toBe(true);
  expect(isInfrastructureLost(new TypeError('bug'))).toBe(false);
  expect(isInfrastructureLost('postgres')).toBe(false);
});

test('taking a partition over fences first, then asks for the offset, and only then opens the feed', async () => {
  const here = world();
  const steps: string[] = [];
  const running = await here.run(
    {},
    {
      openWriter: async (id) => {
        steps.push(`open ${id}`);
        const writer = await here.broker.openWriter(id);
        return {
          ...writer,
          committed: (group, partition) => {
            steps.push(`committed ${group} ${partition.topic}`);
            return writer.committed(group, partition);
          },
        };
      },
      subscribe: (subscription) =>
        here.broker.subscribe({
          ...subscription,
          serve: (assignment) =>
            subscription.serve({
              ...assignment,
              from: (offset) => {
                steps.push(`from ${offset} ${assignment.topic}`);
                return assignment.from(offset);
              },
            }),
        }),
    },
  );
  await until(() => steps.length === 6);
  await running.drain(0);
  expect(steps.filter((step) => step.includes('words.in'))).toEqual([
    'open g.words.words.in.0',
    'committed g.words words.in',
    'from null words.in',
  ]);
});
