import { postgresProjection } from '#adapters/postgres/projection/projection.ts';
import { dropRetired } from '#adapters/postgres/read-models.ts';
import type { ProjectorNotice } from '#projector/ports.ts';
import { runProjector } from '#projector/projector.ts';
import type { Connections } from './connect.ts';
import type { Logger } from './log.ts';
import type { Worker } from './worker.ts';

/** Starts the projector on this process's connections. */
export async function startProjector({
  broker,
  codec,
  pool,
  readModel,
  log,
  acceptLoss = false,
}: Connections): Promise<Worker> {
  await dropRetired(pool).then(
    (names) => names.length > 0 && log.info({ names }, 'projector.dropped-retired-models'),
    (error: unknown) => log.warn({ error: String(error) }, 'retired read models are dropped later'),
  );
  const projector = await runProjector({
    subscribe: broker.subscribe,
    openWriter: broker.openWriter,
    range: broker.range,
    acceptLoss,
    decode: codec.decode,
    projection: postgresProjection(pool, readModel),
    notice: (notice) => tell(log, notice),
  });
  return { name: 'projector', ...projector };
}

function tell(log: Logger, notice: ProjectorNotice): void {
  const { kind, ...fields } = notice;
  if (kind === 'applied') log.debug(fields, 'projector.applied');
  if (kind === 'fenced') log.warn(fields, 'projector.fenced');
  if (kind === 'set-aside') log.error(fields, 'projector.set-aside');
}
