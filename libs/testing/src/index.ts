export { ChaosProxy, type Direction, type Toxic } from './chaos-proxy.ts';
export { type Comparison, compareStream, type Difference, type Truth } from './compare.ts';
export { type StackConnections, stackConnections, type TestStack } from './connections.ts';
export { createTestDatabase, type DatabaseTemplate, type TestDatabase } from './database.ts';
export { type LocalServer, type LocalServers, startLocalServers } from './local-servers.ts';
export { startTestStack } from './test-stack.ts';
export { createTestVhost, defaultVhost, requestBroker, type TestVhost } from './vhost.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
