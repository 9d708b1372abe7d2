import { z } from 'zod';
import { Count, Instant, Outcome, page, pageQuery, QueryFlag, Seconds } from './form.ts';

/** One run in the row of its cycle. */
export const CycleRun = z.strictObject({
  runId: z.uuid(),
  pipeline: z.string(),
  label: z.string(),
  state: z.enum(['running', ...Outcome.options]),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  seconds: Seconds,
  rows: Count,
  rejected: Count,
  error: z.string().nullable(),
});
export type CycleRun = z.infer<typeof CycleRun>;

export const CycleDbt = z.strictObject({
  buildId: z.uuid(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed']),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  seconds: Seconds.nullable(),
  failed: Count,
  error: z.string().nullable(),
});

export const Cycle = z.strictObject({
  id: z.uuid(),
  state: z.enum(['extracting', 'transforming', 'succeeded', 'failed']),
  /** `schedule`, or who asked for it. */
  by: z.string(),
  startedAt: Instant,
  transformingAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  seconds: Seconds,
  rows: Count,
  rejected: Count,
  /** Why it failed. */
  error: z.string().nullable(),
  /** Pipelines that have no run yet. */
  pending: z.array(z.string()),
  runs: z.array(CycleRun),
  dbt: CycleDbt.nullable(),
});
export type Cycle = z.infer<typeof Cycle>;

export const CyclesQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(['live', 'succeeded', 'failed']).optional(),
  pipeline: z.string().max(80).optional(),
  rejected: QueryFlag,
  changed: QueryFlag,
  byHand: QueryFlag,
});
export const Cycles = page(Cycle);
export const CycleParameters = z.strictObject({ id: z.uuid() });

/** POST /api/cycles: a cycle over every pipeline that is not paused, or over these. */
export const CycleRequest = z
  .strictObject({
    pipelines: z.array(z.string().min(1).max(80)).min(1).max(100).optional(),
    fullRead: z.boolean().default(false),
    massDeletes: z.boolean().default(false),
  })
  .prefault({});
