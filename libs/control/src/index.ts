export * from './access/credentials.ts';
export * from './access/encryption.ts';
export * from './access/idempotency.ts';
export * from './access/rate-limits.ts';
export * from './access/sessions.ts';
export * from './access/token-secret.ts';
export * from './access/tokens.ts';
export * from './connections/accounts.ts';
export * from './connections/checks.ts';
export * from './connections/connections.ts';
export * from './connections/consents.ts';
export * from './connections/dependents.ts';
export * from './connections/sources.ts';
export * from './cycle/cycles.ts';
export * from './cycle/leader.ts';
export { type OutboxMessage, relayOutbox, sendEvent } from './cycle/outbox.ts';
export * from './cycle/pipeline-streams.ts';
export * from './cycle/pipelines.ts';
export { startRun } from './cycle/runs.ts';
export * from './dbt/builds.ts';
export * from './dbt/dbt-report.ts';
export * from './dbt/dbt-runs.ts';
export * from './dbt/manifests.ts';
export * from './incidents/alert-channels.ts';
export { describeAlert } from './incidents/catalogue.ts';
export * from './incidents/find-problems.ts';
export * from './incidents/list-incidents.ts';
export * from './incidents/problem.ts';
export * from './incidents/reconcile.ts';
export * from './load/fence.ts';
export * from './load/finalise.ts';
export * from './load/ledger.ts';
export * from './load/rejected.ts';
export * from './load/replay-rejected.ts';
export * from './maintain/backup.ts';
export * from './maintain/migrations.ts';
export * from './maintain/restore.ts';
export * from './maintain/retention.ts';
export * from './maintain/roles.ts';
export * from './observe/alert-kinds.ts';
export * from './observe/alerts.ts';
export * from './observe/current-row.ts';
export * from './observe/database-rights.ts';
export * from './observe/expectations.ts';
export * from './observe/happenings.ts';
export * from './observe/lineage.ts';
export * from './observe/list-cycles.ts';
export * from './observe/list-dead-letters.ts';
export { RATE_SECONDS } from './observe/list-pipelines.sql.ts';
export * from './observe/list-pipelines.ts';
export * from './observe/list-rejected.ts';
export * from './observe/list-runs.ts';
export * from './observe/list-streams.ts';
export * from './observe/list-tasks.ts';
export * from './observe/load.ts';
export * from './observe/obstacles.ts';
export * from './observe/progress.ts';
export * from './observe/report.ts';
export * from './observe/stream-detail.ts';
export * from './observe/system-report.ts';
export * from './observe/traces.ts';
export * from './observe/verdict.ts';
export * from './operate/audit.ts';
export * from './operate/dead-letters.ts';
export * from './operate/operator.ts';
export * from './operate/operator-dead-letters.ts';
export * from './operate/operator-rejected.ts';
export * from './operate/operator-runs.ts';
export * from './operate/operator-states.ts';
export * from './operate/own-schedules.ts';
export * from './operate/request-runs.ts';
export * from './operate/settings.ts';
export * from './target/column-consents.ts';
export * from './target/registry.ts';
export { type PipelineStream, targetSchema } from './target/stream-targets.ts';
export { findChange, measureTables, noteRemovedRows } from './target/table-identity.ts';
export * from './task/notices.ts';
export * from './task/states.ts';
export {
  type Claim,
  claimTask,
  failTask,
  finishExtraction,
  nextEpoch,
  releaseTask,
  renewLease,
  TASK_ATTEMPTS_MAX,
} from './task/tasks.ts';
export * from './task/watchdog.ts';
