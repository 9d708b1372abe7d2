import type { StreamRow } from '@pipeline/control';
import type { Schedule } from '@pipeline/protocol/api';
import { nextTimes, secondsBetweenRuns } from '../schedule/timing.ts';

/** A stream is late when it is older than this many usual rounds. */
const ROUNDS = 3;
/** Shorter goals would be missed by every slow read. */
const GOAL_SECONDS_MIN = 60;

export interface Goal {
  seconds: number | null;
  isLate: boolean;
}

/** How old a stream may be: three times what lies between two runs and what a run takes. Null: it is read by hand. */
export function goalOf(
  stream: Pick<StreamRow, 'ageSeconds' | 'isPaused' | 'stream' | 'parent'>,
  schedule: Schedule,
  cycleSeconds: number | undefined,
): Goal {
  const between = secondsBetweenRuns(schedule.timing, nextTimes(schedule.timing, 2));
  if (between === undefined || cycleSeconds === undefined) return { seconds: null, isLate: false };
  const own = schedule.streamIntervals[stream.parent ?? stream.stream] ?? 0;
  const seconds = Math.max(GOAL_SECONDS_MIN, ROUNDS * (Math.max(between, own) + cycleSeconds));
  return { seconds, isLate: !stream.isPaused && stream.ageSeconds !== null && stream.ageSeconds > seconds };
}
