export type { Table } from './table.ts';
export {
  type Activation,
  type ActivationResult,
  type Batch,
  type Brake,
  type Contract,
  createWarehouse,
  DEFAULT_BRAKE,
  DEFAULT_CONTRACT,
  type NamingStrategy,
  type Policy,
  type RejectedRecord,
  type Warehouse,
  type WarehouseOptions,
  type WriteResult,
} from './warehouse.ts';
