import { listStreamRows, medianCycleSeconds, type StreamRow } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { StreamItem } from '@pipeline/protocol/api';
import { scheduleOf } from '../schedule/timing.ts';
import type { LiveSettings } from '../settings.ts';
import { goalOf } from './goal.ts';

/** Every stream as the API shows it. */
export async function readStreams(
  { pool, settings }: { pool: Pool; settings: Pick<LiveSettings, 'intervalSeconds'> },
  filter: { connection?: string | undefined; stream?: string } = {},
): Promise<{ item: StreamItem; row: StreamRow }[]> {
  const [rows, cycleSeconds] = await Promise.all([listStreamRows(pool, filter), medianCycleSeconds(pool)]);
  return rows.map((row) => ({ row, item: toItem(row, settings.intervalSeconds, cycleSeconds) }));
}

function toItem(row: StreamRow, intervalSeconds: number, cycleSeconds: number | undefined): StreamItem {
  const {
    taskStatus,
    waitingFor,
    ageSeconds: _,
    schedule,
    replicationKey: __,
    databaseSchema: ___,
    tableName: ____,
    writes: _____,
    ...rest
  } = row;
  const goal = goalOf(row, scheduleOf(schedule, intervalSeconds), cycleSeconds);
  return {
    ...rest,
    activity: taskStatus === 'running' ? (waitingFor === null ? 'reading' : 'waiting') : taskStatus,
    goalSeconds: goal.seconds,
    isLate: goal.isLate,
    isRowsExact: false,
  };
}
