import { describe, expect, it } from 'vitest';
import { COLUMNS } from '#replay/columns.ts';
import { compileWhere } from '#replay/where.ts';

const NOW = Date.parse('2026-02-01T00:00:00Z');
const compiled = (condition: string) => compileWhere(condition, NOW);
const wrong = (condition: string): string => {
  const read = compiled(condition);
  return 'wrong' in read ? read.wrong : `read as ${read.text}`;
};

describe('a condition of a replay', () => {
  it('names columns and keeps every value out of the text', () => {
    expect(compiled("isrc is null and name = 'Robert''); drop table tracks; --'")).toEqual({
      text: '(t.isrc is null and t.name = $1::text)',
      values: ["Robert'); drop table tracks; --"],
    });
  });

  it('binds and before or, and takes brackets and not', () => {
    expect(compiled('degraded = true or not (popularity < 50 and streams >= 1000)')).toEqual({
      text: '(t.degraded = $1::boolean or not coalesce((t.popularity < $2::numeric and t.streams >= $3::numeric), false))',
      values: [true, '50', '1000'],
    });
  });

  it('counts ages from now', () => {
    expect(compiled('statistics_at older than 7d')).toEqual({
      text: "to_timestamp((t.sections #>> '{analytics,statistics,fetchedAt}')::float8 / 1000) < $1::timestamptz",
      values: ['2026-01-25T00:00:00.000Z'],
    });
  });

  it('reads moments, lists, patterns and elements of lists', () => {
    expect(
      compiled("first_seen_at >= '2026-01-31T12:00Z' and publisher_status in ('signed', 'unsigned')"),
    ).toMatchObject({
      values: ['2026-01-31T12:00:00.000Z', 'signed', 'unsigned'],
    });
    expect(compiled("label like 'Warner%' and artists contains 'AC/DC' and writers is null")).toEqual({
      text: '(t.label like $1::text and $2::text = any(t.artists) and cardinality(t.writers) = 0)',
      values: ['Warner%', 'AC/DC'],
    });
  });

  it('does not care for the case of words and columns', () => {
    expect(compiled("ISRC IS NOT NULL AND Label <> 'x'")).toEqual({
      text: '(not (t.isrc is null) and t.label is distinct from $1::text)',
      values: ['x'],
    });
  });

  it.each([
    ['isrcs is null', 'There is no column "isrcs". Columns: track_id, name,'],
    ["trackid = 'x'", 'There is no column "trackid"; it is called track_id.'],
    ['state is null', 'There is no column "state".'],
    ["popularity like '5%'", 'popularity takes =, !=, <, <=, >, >=, in and is [not] null, and here stands "like".'],
    ["label not like 'x'", 'and here stands "not"; write "not" before the column.'],
    ["popularity > '5'", "popularity takes a number, and here stands '5'."],
    ['name = robert', 'name takes a text in single quotes, and here stands "robert".'],
    ['degraded = 1', 'degraded takes true or false, and here stands "1".'],
    [
      "updated_at > 'yesterday'",
      "updated_at takes a moment in single quotes such as '2026-01-31T00:00Z', and here stands 'yesterday'.",
    ],
    ['streams_at older than 7', 'streams_at takes an age such as 90m, 24h or 7d, and here stands "7".'],
    ['isrc is', 'After "is" stands null or not null.'],
    ['isrc', 'and the condition ends.'],
    ['(isrc is null', 'A closing bracket is missing at the end.'],
    ['isrc is null label is null', '"label" at character 14 follows a whole condition; join conditions with and, or.'],
    ["name = 'abc", "The text that begins at character 8 has no closing '"],
    ['isrc is null; drop table tracks', 'Character 13, ";", has no meaning here'],
    ['', 'The condition ends where a column should stand.'],
    [`${'('.repeat(30)}isrc is null${')'.repeat(30)}`, 'nested deeper than 20'],
  ])('refuses %j and says why', (condition, why) => {
    expect(wrong(condition)).toContain(why);
  });

  it('never lets a column reach outside the view', () => {
    for (const { sql } of COLUMNS.values()) expect(sql).toMatch(/\bt\.[a-z_]+/);
  });
});
