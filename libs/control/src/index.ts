export * from './alerts.ts';
export * from './audit.ts';
export * from './cycles.ts';
export * from './dbt-report.ts';
export * from './dbt-runs.ts';
export * from './dead-letters.ts';
export * from './fence.ts';
export * from './finalise.ts';
export * from './leader.ts';
export * from './ledger.ts';
export * from './migrations.ts';
export * from './operator.ts';
export * from './operator-dead-letters.ts';
export * from './operator-rejected.ts';
export * from './operator-runs.ts';
export * from './operator-states.ts';
export { type OutboxMessage, relayOutbox, sendEvent } from './outbox.ts';
export * from './pipelines.ts';
export * from './rejected.ts';
export * from './replay-rejected.ts';
export * from './report.ts';
export * from './retention.ts';
export { startRun } from './runs.ts';
export * from './states.ts';
export {
  type Claim,
  claimTask,
  failTask,
  finishExtraction,
  releaseTask,
  renewLease,
  TASK_ATTEMPTS_MAX,
} from './tasks.ts';
export * from './watchdog.ts';
