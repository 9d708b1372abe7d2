export * from './batch.ts';
export * from './broker-users.ts';
export * from './command.ts';
export * from './error.ts';
export * from './event.ts';
export * from './failure.ts';
export type { Logger } from './logger.ts';
export * from './pipeline-name.ts';
export * from './topology.ts';
