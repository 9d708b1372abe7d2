export {
  type Activation,
  type ActivationResult,
  type Brake,
  DEFAULT_BRAKE,
  type VersionActivation,
  type VersionResult,
} from './activate.ts';
export type { Batch, RejectedRecord, WriteResult } from './batch.ts';
export { type Contract, DEFAULT_CONTRACT, type PartialContract, type Policy } from './contract.ts';
export type { NamingStrategy } from './identifier.ts';
export type { StreamOptions } from './stream-options.ts';
export type { Table } from './table.ts';
export { TooManyRejected } from './too-many-rejected.ts';
export { createWarehouse, type Warehouse, type WarehouseOptions } from './warehouse.ts';
