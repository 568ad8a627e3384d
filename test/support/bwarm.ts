import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Publisher } from '#sandbox/catalogue/publishers.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import type { Work } from '#sandbox/catalogue/works.ts';

const HEADERS = {
  'musicalworks.tsv':
    'MusicalWorkRecordId\tISWC\tMusicalWorkTitle\tLanguageAndScriptCode\tOpusNumber\tComposerCatalogNumber\tNominalDuration\tHasRightShareInDispute',
  'alternativemusicalworktitles.tsv':
    'AlternativeMusicalWorkTitleRecordId\tMusicalWorkRecordId\tAlternativeTitle\tLanguageAndScriptCode\tAlternativeTitleType',
  'parties.tsv':
    'PartyRecordId\tISNI\tIpiNameNumber\tCisacSocietyId\tDPID\tFullName\tNamesBeforeKeyName\tKeyName\tNamesAfterKeyName',
  'musicalworkrightshares.tsv':
    'MusicalWorkRightShareRecordId\tMusicalWorkRecordId\tPartyRecordId\tPartyRole\tRightSharePercentage\tRightShareType\tRightsType\tValidityStartDate\tValidityEndDate\tPrecedingMusicalWorkRightShareRecordId\tTerritoryCode\tUseType',
  'resources.tsv': 'ResourceRecordId\tResourceType\tResourceTitle\tDisplayArtistName\tISRC',
  'workresourcelinks.tsv': 'LinkRecordId\tMusicalWorkRecordId\tResourceRecordId',
} as const;

type FileName = keyof typeof HEADERS;
type Rows = Record<FileName, Map<string, readonly (string | number)[]>>;

const ROLES = {
  composer: 'Composer',
  lyricist: 'Lyricist',
  'composer-lyricist': 'ComposerLyricist',
} as const;

/** A publisher's share, then those of its administrators, each with the one before it. */
function addShare(
  rows: Rows,
  { songCode }: Work,
  chain: readonly Publisher[],
  percent: number,
  at: number,
  owns: boolean,
) {
  const codes = chain.map((_, step) => `${songCode}-P${at}-${step}`);
  for (const [step, { id, name, ipi }] of chain.entries()) {
    const [role, type] =
      owns && step === 0
        ? ['OriginalPublisher', 'OriginalPublisherShare']
        : ['RightsAdministrator', 'MusicalWorkCollectionShare'];
    const [code = '', before = ''] = [codes[step], codes[step - 1]];
    const stated = step === 0 ? percent : 0;
    rows['parties.tsv'].set(id, [id, '', ipi ?? '', '', '', name, '', '', '']);
    rows['musicalworkrightshares.tsv'].set(code, [
      ...[code, songCode, id, role, stated, type, 'MechanicalRight', '', '', before, 'US', ''],
    ]);
  }
}

function addWork(rows: Rows, catalogue: Catalogue, work: Work): void {
  const { songCode } = work;
  rows['musicalworks.tsv'].set(songCode, [
    songCode,
    work.iswc ?? '',
    work.title.toUpperCase(),
    '',
    '',
    '',
    '',
    'false',
  ]);
  if (work.number % 6 === 0)
    rows['alternativemusicalworktitles.tsv'].set(songCode, [
      `${songCode}-1`,
      songCode,
      `${work.title} (Alternative)`,
      '',
      '',
    ]);
  for (const [at, { writer, part }] of work.writers.entries()) {
    const id = String(500_000 + writer.number);
    const { full, first, last } = writer.name;
    rows['parties.tsv'].set(id, [id, '', writer.ipi ?? '', '', '', full, first, last, '']);
    const share = `${songCode}-W${at}`;
    rows['musicalworkrightshares.tsv'].set(share, [
      share,
      songCode,
      id,
      ROLES[part],
      '',
      'MusicalWorkManuscriptShare',
      '',
      '',
      '',
      '',
      'US',
      '',
    ]);
  }
  for (const [at, { publisher, administrators, percent, role }] of catalogue.shares(work).entries())
    addShare(rows, work, [publisher, ...administrators], percent, at, role === 'E');
}

/**
 * Writes a small bulk feed of these recordings: what the API's stand-in says of them, in the files of BWARM 2.0. Duplicate
 * registrations are left out.
 */
export async function writeBwarm(
  folder: string,
  catalogue: Catalogue,
  recordings: readonly Recording[],
): Promise<void> {
  const rows = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, new Map()])) as Rows;
  for (const { number, isrc, title, work, has } of recordings) {
    if (!work.registered) continue;
    addWork(rows, catalogue, work);
    if (isrc === null || has('withoutMlcMatch')) continue;
    const id = `R${number}`;
    rows['resources.tsv'].set(id, [id, 'MusicalWorkSoundRecording', title, '', isrc]);
    rows['workresourcelinks.tsv'].set(id, [`L${number}`, work.songCode, id]);
  }
  for (const [name, lines] of Object.entries(rows)) {
    const text = [`#${HEADERS[name as FileName]}`, ...[...lines.values()].map((cells) => cells.join('\t'))];
    await writeFile(join(folder, name), `${text.join('\n')}\n`);
  }
}
