import { postgresMlcBulk } from '#adapters/postgres/mlc-bulk.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { bulkFeedIn } from '#providers/mlc/bulk/load.ts';
import { bad, type Finding, good, looked } from './finding.ts';

const WHAT = 'publishing: bulk feed';

/** Whether the folder holds a whole feed, and whether it is the one that answers. */
export const bulkFinding = (folder: string, databaseUrl: string): Promise<Finding> =>
  looked(WHAT, 'Correct MLC_BULK_DIR, or make the folder readable.', async () => {
    const feed = await bulkFeedIn(folder);
    if ('missing' in feed)
      return bad(WHAT, `${folder} lacks ${feed.missing.join(', ')}`, 'Unpack the whole feed there.');
    const pool = openPool({ url: databaseUrl, max: 1, name: 'linernotes doctor', onLost: () => undefined });
    try {
      const live = await postgresMlcBulk(pool).live();
      if (live === null)
        return bad(
          WHAT,
          'none is loaded yet, the publishing phase waits',
          'Run `linernotes run publishing`, which loads it.',
        );
      const loaded = new Date(live.loadedAt).toISOString().slice(0, 10);
      return live.snapshot === feed.snapshot
        ? good(WHAT, `the feed in ${folder} answers since ${loaded}`)
        : good(WHAT, `the feed of ${loaded} answers, the one in ${folder} is on its way in`);
    } finally {
      await pool.end();
    }
  });
