export { clientOf, uncached } from './client-of.ts';
export { type ConnectedTap, connectTap } from './connect-tap.ts';
export { memoryTokenStore } from './memory-token-store.ts';
export { ModelWarehouse } from './model-warehouse.ts';
export { type Pace, pacedClient, virtualLimiter } from './paced-client.ts';
export { type ReadOptions, readStream, type StreamRead } from './read-stream.ts';
export { VirtualTime } from './virtual-time.ts';
