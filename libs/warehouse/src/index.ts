export { type Contract, DEFAULT_CONTRACT, type PartialContract, type Policy } from './contract.ts';
export type { StreamOptions } from './stream-options.ts';
export type { NamingStrategy } from './table/identifier.ts';
export { type ColumnConsent, columnsWanted, NEW_COLUMNS_MAX } from './table/new-columns.ts';
export type { Table } from './table/table.ts';
export {
  type Activation,
  type ActivationResult,
  DEFAULT_DELETE_THRESHOLD,
  type DeleteThreshold,
  type VersionActivation,
  type VersionResult,
} from './versions/activate.ts';
export { createWarehouse, type Warehouse, type WarehouseOptions } from './warehouse.ts';
export type { Batch, RejectedRecord, WriteResult } from './write/batch.ts';
export { TooManyRejected } from './write/too-many-rejected.ts';
