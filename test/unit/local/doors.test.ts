import { describe, expect, test } from 'vitest';
import { chooseDoor, type Door, type Doors, explainMissing, type Found, SERVICES, VARIABLE } from '#local/doors.ts';

const ADDRESS = 'somewhere:1';
const nothingLacks: Found = { kafka: null, registry: null, postgres: null };

const expected = (given: boolean, docker: boolean, able: boolean): Door => {
  if (given) return { kind: 'given', address: ADDRESS };
  if (docker) return { kind: 'docker' };
  return able ? { kind: 'machine' } : { kind: 'none', lacking: 'a screw' };
};

const both = [true, false];
const combinations = both.flatMap((given) => both.flatMap((docker) => both.map((able) => ({ given, docker, able }))));

describe('the door of a service', () => {
  for (const name of SERVICES) {
    test.each(combinations)(
      `of ${name} with its variable $given, Docker $docker and this machine able $able is the first that opens`,
      ({ given, docker, able }) => {
        const env = given ? { [VARIABLE[name]]: ADDRESS } : {};
        const doors = chooseDoor(env, docker, { ...nothingLacks, [name]: able ? null : 'a screw' });
        expect(doors[name]).toEqual(expected(given, docker, able));
      },
    );
  }

  test('is chosen for each service on its own', () => {
    const env = { DATABASE_URL: ' postgres://there/db ' };
    const doors = chooseDoor(env, false, { ...nothingLacks, registry: 'no Java' });
    expect(doors).toEqual({
      kafka: { kind: 'machine' },
      registry: { kind: 'none', lacking: 'no Java' },
      postgres: { kind: 'given', address: 'postgres://there/db' },
    } satisfies Doors);
  });

  test('is not opened by an empty variable', () => {
    expect(chooseDoor({ KAFKA_BROKERS: ' ' }, true, nothingLacks).kafka).toEqual({ kind: 'docker' });
  });
});

describe('the explanation of what is missing', () => {
  test('is absent when every service has a door', () => {
    expect(explainMissing(chooseDoor({}, false, nothingLacks))).toBeNull();
  });

  test('names what lacks, the variables, Docker and the commands, and only the services that lack something', () => {
    const text = explainMissing(chooseDoor({}, false, { kafka: 'no Java', registry: 'no Java', postgres: null })) ?? '';
    expect(text).toContain('Kafka: no Java');
    expect(text).toContain('export KAFKA_BROKERS=… ; export SCHEMA_REGISTRY_URL=…');
    expect(text).toContain('docker version');
    expect(text).toContain('apt-get install -y maven');
    expect(text).not.toContain('DATABASE_URL');
  });
});
