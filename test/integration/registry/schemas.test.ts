import { describe, expect, it } from 'vitest';
import { registryRest } from '#adapters/registry/rest.ts';
import { shippedSchemas, subjectOf } from '#adapters/registry/shipped.ts';
import { checkSchemas } from '#app/schemas/check.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { command } from '#cli/schemas.ts';
import { schemaRegistryUrl } from '#test/support/addresses.ts';
import { runCommand } from '#test/support/io.ts';
import { uniqueName } from '#test/support/names.ts';

const url = schemaRegistryUrl();
const log = { warn: () => undefined };
const rest = registryRest(url, log);
const subjects = (prefix: string) => shippedSchemas().map(({ topic }) => subjectOf(prefix + topic));
const states = (findings: Awaited<ReturnType<typeof checkSchemas>>) => new Set(findings.map(({ state }) => state));

/** The shipped schema of raw tracks with one thing changed. */
function rawWith(change: (schema: { fields: { name: string; default?: unknown }[] }) => void): string {
  const schema = JSON.parse(shippedSchemas().find(({ topic }) => topic === 'tracks.raw')?.text ?? '');
  change(schema);
  return JSON.stringify(schema);
}

describe('schemas on a live registry', () => {
  it('are new at first, then registered at FULL_TRANSITIVE, and stay the same when registered again', async () => {
    const prefix = `${uniqueName('first')}.`;
    expect(states(await checkSchemas({ url, log, prefix }))).toEqual(new Set(['new']));
    const registered = await registerSchemas({ url, log, prefix });
    expect(registered.map(({ subject }) => subject)).toEqual(subjects(prefix));
    expect(states(registered)).toEqual(new Set(['registered']));
    expect(await registerSchemas({ url, log, prefix })).toEqual(registered);
    expect(await checkSchemas({ url, log, prefix })).toEqual(registered);
    for (const subject of subjects(prefix)) {
      expect(await rest.level(subject)).toBe('FULL_TRANSITIVE');
      expect(await rest.history(subject)).toHaveLength(1);
    }
  });

  it('are registered once by several processes that start at the same time', async () => {
    const prefix = `${uniqueName('race')}.`;
    const all = await Promise.all(Array.from({ length: 4 }, () => registerSchemas({ url, log, prefix })));
    expect(new Set(all.map((findings) => JSON.stringify(findings))).size).toBe(1);
    expect(states(all[0] ?? [])).toEqual(new Set(['registered']));
    for (const subject of subjects(prefix)) expect(await rest.history(subject)).toHaveLength(1);
  });

  it('are compatible with an older version that lacks a field with a default, and become the next one', async () => {
    const prefix = `${uniqueName('next')}.`;
    const subject = subjectOf(`${prefix}tracks.raw`);
    await rest.setLevel(subject, 'FULL_TRANSITIVE');
    await rest.register(
      subject,
      rawWith(({ fields }) => fields.splice(-1)),
    );
    const [raw] = await checkSchemas({ url, log, prefix });
    expect(raw).toEqual({ subject, state: 'compatible', id: null, breaches: [] });
    expect((await registerSchemas({ url, log, prefix }))[0]).toMatchObject({ subject, state: 'registered' });
    expect(await rest.history(subject)).toHaveLength(2);
  });

  it('are refused beside a version with a field that is gone: the field is named, and nothing at all is registered', async () => {
    const prefix = `${uniqueName('gone')}.`;
    const subject = subjectOf(`${prefix}tracks.raw`);
    const extra = { name: 'mood', type: ['null', 'string'], default: null };
    await rest.register(
      subject,
      rawWith(({ fields }) => fields.push(extra)),
    );
    const findings = await registerSchemas({ url, log, prefix });
    expect(findings[0]).toMatchObject({ subject, state: 'refused', breaches: [{ field: 'mood' }] });
    expect(await rest.history(subjectOf(`${prefix}tracks.complete`))).toEqual([]);
  });

  it('are unguarded under a subject of another level until they are registered again', async () => {
    const prefix = `${uniqueName('level')}.`;
    const subject = subjectOf(`${prefix}tracks.raw`);
    await registerSchemas({ url, log, prefix });
    await rest.setLevel(subject, 'BACKWARD');
    expect((await checkSchemas({ url, log, prefix }))[0]).toMatchObject({ subject, state: 'unguarded' });
    expect((await registerSchemas({ url, log, prefix }))[0]).toMatchObject({ subject, state: 'registered' });
    expect(states(await checkSchemas({ url, log, prefix }))).toEqual(new Set(['registered']));
  });

  it.each([
    ['a field without a default that is added', (fields: object[]) => fields.push({ name: 'n', type: 'long' }), false],
    [
      'a field with a default that is added',
      (fields: object[]) => fields.push({ name: 'n', type: 'long', default: 0 }),
      true,
    ],
    ['a field without a default that is removed', (fields: object[]) => fields.splice(0, 1), false],
  ])('judge as the registry does: %s', async (_, change, accepted) => {
    const prefix = `${uniqueName('judge')}.`;
    const subject = subjectOf(`${prefix}tracks.raw`);
    await registerSchemas({ url, log, prefix });
    expect(
      (
        await rest.test(
          subject,
          rawWith(({ fields }) => change(fields)),
        )
      ).accepted,
    ).toBe(accepted);
  });
});

describe('linernotes schemas', () => {
  const env = { SCHEMA_REGISTRY_URL: url };

  it('checks and registers, for people and as JSON', async () => {
    const registered = await runCommand(command, ['register'], env);
    expect(registered).toEqual({
      exit: 0,
      out: subjects('').map((subject) => expect.stringMatching(`^= ${subject}: registered \\(id \\d+\\)$`)),
      err: [],
    });
    const checked = await runCommand(command, ['check', '--json'], env);
    expect(checked.exit).toBe(0);
    expect(JSON.parse(checked.out[0] ?? '').schemas.map(({ state }: { state: string }) => state)).toEqual(
      subjects('').map(() => 'registered'),
    );
  });

  it('exits 1 and names the registry when it does not answer', async () => {
    const said = await runCommand(command, ['check'], { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect(said).toMatchObject({ exit: 1, out: [] });
    expect(said.err.at(-1)).toContain('http://127.0.0.1:1');
  });

  it.each([[[]], [['guess']], [['check', '--wrong']], [['check', 'twice']]])('exits 2 for %j', async (args) => {
    expect(await runCommand(command, args, env)).toMatchObject({ exit: 2, out: [] });
  });

  it('exits 2 when no registry is configured', async () => {
    const said = await runCommand(command, ['check'], {});
    expect(said.exit).toBe(2);
    expect(said.err[0]).toContain('SCHEMA_REGISTRY_URL');
  });
});
