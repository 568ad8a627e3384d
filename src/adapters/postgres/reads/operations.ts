import type { Pool } from 'pg';
import { asProperties, OPERATIONS } from '#adapters/postgres/projection/columns.ts';
import type { OperationReads } from '#feed/operation-ports.ts';
import type { OperationRow } from '#projector/operation-row.ts';
import { conditions, pageOf } from './page.ts';

const COLUMNS = asProperties(Object.keys(OPERATIONS), 't');

/** Operations out of the live read model. */
export const operationReads = (pool: Pool): OperationReads => ({
  async operations(query) {
    const filter = conditions();
    filter.where(query.kind, 't.kind = ?');
    filter.where(query.target, 't.target = ?');
    filter.where(query.since, 't.at >= ?::timestamptz');
    filter.whereAfter(query.after, 't.at', 't.operation_id');
    const most = filter.place(query.limit + 1);
    const { rows } = await pool.query<OperationRow>(
      `select ${COLUMNS} from operations t ${filter.text()} order by t.at desc, t.operation_id limit ${most}`,
      filter.values,
    );
    return pageOf(rows, query.limit, ({ at, operationId }) => ({ at, id: operationId }));
  },
});
