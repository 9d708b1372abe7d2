import { z } from 'zod';
import { SourceName } from '../pipeline-name.ts';
import { Count, Instant, JsonValue, page, pageQuery, Seconds } from './form.ts';

export const BuildItem = z.strictObject({
  id: z.uuid(),
  target: z.string(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed']),
  sources: z.array(z.string()),
  cycleIds: z.array(z.uuid()),
  requestedAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  seconds: Seconds.nullable(),
  passed: Count,
  models: Count,
  testsPassed: Count,
  warned: Count,
  failed: Count,
  skipped: Count,
  error: z.string().nullable(),
});
export type BuildItem = z.infer<typeof BuildItem>;
export const BuildsQuery = z.strictObject({ ...pageQuery });
export const Builds = page(BuildItem);
export const BuildParameters = z.strictObject({ id: z.uuid() });

export const NodeResult = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  /** As dbt says it: success, pass, warn, fail, error, skipped. */
  status: z.string(),
  seconds: Seconds,
  failures: Count.nullable(),
  /** Without values of records. */
  message: z.string().nullable(),
});
export const Build = z.strictObject({ ...BuildItem.shape, nodes: z.array(NodeResult) });
/** POST /api/dbt/builds. Without sources: everything. */
export const BuildRequest = z
  .strictObject({
    sources: z.array(SourceName).min(1).max(100).optional(),
    onlyFailed: z.boolean().default(false),
  })
  .prefault({});
export const BuildRequested = z.strictObject({ id: z.uuid(), message: z.string() });

export const GraphNode = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['source', 'model', 'test', 'seed', 'snapshot', 'exposure', 'other']),
  layer: z.enum(['source', 'staging', 'mart', 'test']),
  description: z.string(),
  path: z.string(),
  /** ok, fail, warn, suspect (an ancestor is stale or incomplete), unknown. */
  state: z.enum(['ok', 'fail', 'warn', 'suspect', 'unknown']),
  seconds: Seconds.nullable(),
  connection: z.string().nullable(),
  stream: z.string().nullable(),
});
export type GraphNode = z.infer<typeof GraphNode>;
export const Graph = z.strictObject({
  /** Null: no dbt-runner has told of its project yet. */
  manifestHash: z.string().nullable(),
  nodes: z.array(GraphNode),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  /** Relationship tests between two models, with the rows that break them. */
  relationships: z.array(
    z.strictObject({ id: z.string(), from: z.string(), to: z.string(), failures: Count.nullable(), state: z.string() }),
  ),
});
export type Graph = z.infer<typeof Graph>;

export const NodeParameters = z.strictObject({ id: z.string().min(1).max(400) });
export const Node = z.strictObject({
  ...GraphNode.shape,
  sql: z.string().nullable(),
  parents: z.array(z.string()),
  children: z.array(z.string()),
  failures: Count.nullable(),
  message: z.string().nullable(),
  failingSince: Instant.nullable(),
  failingBuilds: Count,
  /** The incident it probably follows from. */
  probableCause: z.string().nullable(),
  /** Newest first, 40. */
  results: z.array(
    z.strictObject({
      buildId: z.uuid(),
      at: Instant,
      status: z.string(),
      seconds: Seconds,
      failures: Count.nullable(),
    }),
  ),
});
export const Failures = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(z.array(JsonValue)),
  total: Count.nullable(),
  readAt: Instant,
});
