export { clientOf, uncached } from './client-of.ts';
export { type ConnectedTap, connectTap } from './connect-tap.ts';
export { ModelWarehouse } from './model-warehouse.ts';
export { type ReadOptions, readStream, type StreamRead } from './read-stream.ts';
