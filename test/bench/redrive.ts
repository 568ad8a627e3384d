import { measured, printReport, promised } from '#test/bench/support/report.ts';
import { startPipeline } from '#test/support/pipeline.ts';
import { redriveTrial } from '#test/support/redrive-trial.ts';
import { supervised } from '#test/support/supervised.ts';
import { benchOptions } from './support/arguments.ts';

/**
 * 10,000 dead letters of three causes on real Kafka; those of one cause are mended by a map and redriven at 500 a second, killed
 * twice on the way: `--tracks N` for another number of letters. Exit 1 when a promise is broken.
 */

const RATE = 500;
/** What a second may hold: its own letters, what stands at both its ends, and a portion that was late. */
const MOST = RATE * 1.4;

const { json, tracks: letters } = benchOptions({ tracks: 10_000 });
const pipeline = await startPipeline();
let over = (): void => undefined;
try {
  over = await supervised(pipeline, ['projector', 'spotify']);
  const trial = await redriveTrial(pipeline, { letters, rate: RATE });
  const { groups, chosen, killedAt, ended, repeated, missing, strangers, enriched, second } = trial;
  const isOnce = repeated === 0 && missing === 0 && strangers === 0 && ended.redriven === chosen;
  process.exitCode = printReport(
    'redrive',
    [
      measured('dead letters', letters, 'letters'),
      promised('causes that groups shows', groups.length, 'causes', '3', groups.length === 3),
      measured('letters of the cause', chosen, 'letters'),
      measured('sent when it was killed first', killedAt[0] ?? 0, 'letters'),
      measured('sent when it was killed again', killedAt[1] ?? 0, 'letters'),
      promised('letters told as redriven', ended.redriven, 'letters', 'all of the cause, once', isOnce),
      promised('letters sent twice', repeated, 'letters', '0', repeated === 0),
      promised('letters never sent', missing, 'letters', '0', missing === 0),
      promised('letters of other causes sent', strangers, 'letters', '0', strangers === 0),
      promised('tracks that end enriched', enriched, 'tracks', 'all of the cause', enriched === chosen),
      promised('redrives that a second start began', second.length, 'redrives', '0', second.length === 0),
      promised('most letters in a second', trial.mostInASecond, 'letters', `≤ ${MOST}`, trial.mostInASecond <= MOST),
      measured('from first start to end, deaths included', trial.seconds, 's'),
    ],
    json,
  );
} finally {
  over();
  await pipeline.close();
}
