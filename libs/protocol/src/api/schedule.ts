import { z } from 'zod';
import { StreamName } from '../pipeline-name.ts';

const WEEK_SECONDS = 7 * 86_400;
const RETRIES_MAX = 10;
const FAILURES_MAX = 1_000;

/** When a run begins by itself. */
export const Timing = z.discriminatedUnion('kind', [
  /** From the end of one run to the start of the next. */
  z.strictObject({ kind: z.literal('interval'), seconds: z.number().int().min(0).max(WEEK_SECONDS) }),
  z.strictObject({
    kind: z.literal('cron'),
    /** Five or six fields, or `@hourly`. */
    expression: z.string().min(1).max(100),
    /** IANA: `Pacific/Auckland`. */
    timeZone: z.string().min(1).max(64).default('UTC'),
  }),
  z.strictObject({ kind: z.literal('manual') }),
]);
export type Timing = z.infer<typeof Timing>;

export const Schedule = z.strictObject({
  timing: Timing,
  /** A stream is read by the schedule at most this often, in seconds: for those that cost much. */
  streamIntervals: z.record(StreamName, z.number().int().min(0).max(WEEK_SECONDS)).default({}),
  /** A failed run is tried again this often before its next time, waiting twice as long each time. */
  retries: z.number().int().min(0).max(RETRIES_MAX).default(0),
  /** Before the first retry. */
  retryAfterSeconds: z.number().int().min(1).max(86_400).default(60),
  /** Failed runs in a row after which the pipeline pauses itself. Null: never. */
  pauseAfterFailures: z.number().int().min(1).max(FAILURES_MAX).nullable().default(null),
  /** Where the timing comes from. */
  origin: z.enum(['default', 'environment', 'page']).default('page'),
});
export type Schedule = z.infer<typeof Schedule>;

/** PUT …/schedule. `timing: null` goes back to PIPELINE_INTERVAL_SECONDS. */
export const ScheduleRequest = Schedule.omit({ origin: true }).extend({ timing: Timing.nullable() });
export type ScheduleRequest = z.infer<typeof ScheduleRequest>;

/** What a timing means, before it is saved. */
export const SchedulePreview = z.strictObject({
  /** `every 5 min after the last run ended` */
  text: z.string(),
  /** The next five times. Empty for an interval and by hand. */
  next: z.array(z.iso.datetime()),
});
