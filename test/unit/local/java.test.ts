import { expect, test } from 'vitest';
import { javaOf, majorVersion } from '#local/java.ts';
import { releaseFor } from '#local/registry-release.ts';

test.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "25" 2025-09-16', 25],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "24-ea" 2025-03-18', 24],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', null],
])('the major version in %j is %s', (answer, major) => {
  expect(majorVersion(answer)).toBe(major);
});

const java = (major: number) => ({ path: `/java/${major}`, major });

test('the first runtime that is new enough is used', () => {
  expect(javaOf([java(11), java(17), java(25)], 17)).toEqual(java(17));
  expect(javaOf([java(11)], 17)).toBeNull();
});

test('the registry runs its newest line on Java 21 and its older one on Java 17 alone', () => {
  const chosen = (...majors: number[]) => {
    const found = releaseFor(majors.map(java));
    return found === null ? null : [found.release.version, found.java.major];
  };
  expect([chosen(17, 25), chosen(21), chosen(17, 11), chosen(11)]).toEqual([
    ['3.3.3', 25],
    ['3.3.3', 21],
    ['2.6.13.Final', 17],
    null,
  ]);
});
