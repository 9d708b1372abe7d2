export { ChaosProxy, type Direction, type Toxic } from './chaos-proxy.ts';
export { type Comparison, compareStream, type Difference, type Truth } from './compare.ts';
export {
  CONNECTIONS_VARIABLE,
  ROLE_PASSWORD,
  type StackConnections,
  stackConnections,
  type TestStack,
} from './connections.ts';
export { createTestDatabase, type DatabaseTemplate, type TestDatabase } from './database.ts';
export { growthPerMinute, type Sample } from './growth.ts';
export { checkHistory, type FinalRead, type HistoryCounts, type HistoryReport } from './history-checker.ts';
export { readHistory } from './history-file.ts';
export { type LineageEvent, type LineageReceiver, startLineageReceiver } from './lineage-receiver.ts';
export { type LocalServer, type LocalServers, startLocalServers } from './local-servers.ts';
export { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';
export type { ReceivedSpan } from './otlp-spans.ts';
export { programEnvironment } from './program-environment.ts';
export { mountSmallDisk, type SmallDisk } from './small-disk.ts';
export { startTestStack } from './test-stack.ts';
export { createTestVhost, defaultVhost, requestBroker, type TestVhost } from './vhost.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
