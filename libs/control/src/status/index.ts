export * from './attempt-outcome.ts';
export * from './cycle-status.ts';
export * from './dbt-run-status.ts';
export * from './dead-letter-status.ts';
export * from './rejected-status.ts';
export * from './run-status.ts';
export type { StatusTable } from './status-table.ts';
export * from './task-status.ts';
