export { copyFrom } from './copy.ts';
export { migrate } from './migrate.ts';
export { createPool, type DatabaseOptions, type Pool, type PoolClient, type Queryable } from './pool.ts';
export { quoteIdent, quoteLiteral } from './quote.ts';
export * as sql from './sql-type.ts';
export { isDataError, isTransient, sqlstate } from './sqlstate.ts';
export { type RowOf, type Statement, statement } from './statement.ts';
export { inTransaction } from './transaction.ts';
