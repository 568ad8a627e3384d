/**
 * The files of a DDEX BWARM feed, as far as they are used, and the columns that are relied on. Cells are separated by tabs, several
 * values in one cell by `|`; a first line that begins with `#` names the columns. Where it does not name a column as one of the
 * standard's versions does, the place that BWARM 2.0 gives it decides.
 * Source: bwarm.ddex.net, clauses 6.4 to 6.15.
 */

/** What is kept of a feed. */
export const BULK_TABLES = ['works', 'titles', 'parties', 'shares', 'resources', 'links'] as const;
export type BulkTable = (typeof BULK_TABLES)[number];

export type Column = {
  /** In the database. */
  readonly name: string;
  /** In the header, as versions 2.0 and 1.0 name it. */
  readonly titles: readonly string[];
  /** In a line, from 0. */
  readonly place: number;
};

type File = {
  /** Names of the file in versions 2.0 and 1.0. */
  readonly names: readonly [string, ...string[]];
  readonly columns: readonly Column[];
  /** A feed without it is no feed that can answer. */
  readonly required: boolean;
};

const column = (name: string, place: number, ...titles: readonly string[]): Column => ({ name, place, titles });

export const BULK_FILES: Readonly<Record<BulkTable, File>> = {
  works: {
    names: ['musicalworks.tsv', 'works.tsv'],
    required: true,
    columns: [
      column('id', 0, 'MusicalWorkRecordId', 'FeedProvidersWorkId'),
      column('iswc', 1, 'ISWC'),
      column('title', 2, 'MusicalWorkTitle', 'WorkTitle'),
      column('disputed', 7, 'HasRightShareInDispute'),
    ],
  },
  titles: {
    names: ['alternativemusicalworktitles.tsv', 'workalternativetitles.tsv'],
    required: false,
    columns: [column('work', 1, 'MusicalWorkRecordId', 'FeedProvidersWorkId'), column('title', 2, 'AlternativeTitle')],
  },
  parties: {
    names: ['parties.tsv'],
    required: true,
    columns: [
      column('id', 0, 'PartyRecordId', 'FeedProvidersPartyId'),
      column('ipi', 2, 'IpiNameNumber', 'IPI'),
      column('name', 5, 'FullName'),
      column('before', 6, 'NamesBeforeKeyName'),
      column('key_name', 7, 'KeyName'),
    ],
  },
  shares: {
    names: ['musicalworkrightshares.tsv', 'workrightshares.tsv'],
    required: true,
    columns: [
      column('id', 0, 'MusicalWorkRightShareRecordId', 'FeedProvidersWorkRightShareId'),
      column('work', 1, 'MusicalWorkRecordId', 'FeedProvidersWorkId'),
      column('party', 2, 'PartyRecordId', 'FeedProvidersPartyId'),
      column('role', 3, 'PartyRole'),
      column('percent', 4, 'RightSharePercentage'),
      column('type', 5, 'RightShareType'),
      column('preceding', 9, 'PrecedingMusicalWorkRightShareRecordId', 'PrecedingWorkRightShareId'),
    ],
  },
  resources: {
    names: ['resources.tsv', 'recordings.tsv'],
    required: true,
    columns: [column('id', 0, 'ResourceRecordId', 'FeedProvidersRecordingId'), column('isrc', 4, 'ISRC')],
  },
  links: {
    names: ['workresourcelinks.tsv', 'worksrecordings.tsv'],
    required: true,
    columns: [
      column('work', 1, 'MusicalWorkRecordId', 'FeedProvidersWorkId'),
      column('resource', 2, 'ResourceRecordId', 'FeedProvidersRecordingId'),
    ],
  },
};

/** Where the wanted columns stand, from the first line of a file; a line of data leaves them where the standard has them. */
export function placesOf(columns: readonly Column[], firstLine: string): readonly number[] {
  const header = firstLine.startsWith('#') ? cellsOf(firstLine.slice(1)) : [];
  return columns.map(({ titles, place }) => {
    const named = header.findIndex((title) => titles.includes(title.trim()));
    return named < 0 ? place : named;
  });
}

export const cellsOf = (line: string): readonly string[] => line.replace(/\r$/, '').split('\t');

/** The wanted cells of a line; an empty cell is `null`. `null` for a line that ends before its first column. */
export function rowOf(line: string, places: readonly number[]): readonly (string | null)[] | null {
  const cells = cellsOf(line);
  if (line === '' || cells.length <= Math.min(...places)) return null;
  return places.map((place) => cells[place]?.trim() || null);
}

/** The values of a cell that may hold several. */
export const valuesOf = (cell: string | null): readonly string[] =>
  (cell ?? '').split(/(?<!\\)\|/).flatMap((value) => (value === '' ? [] : [value.replaceAll('\\|', '|')]));
