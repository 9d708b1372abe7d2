export { copyFrom } from './copy.ts';
export { migrate } from './migrate.ts';
export { createPool, type DatabaseOptions, type Pool, type PoolClient, type Queryable } from './pool.ts';
export { quoteIdent, quoteLiteral } from './quote.ts';
export { isDataError, isTransient, sqlstate } from './sqlstate.ts';
export { inTransaction } from './transaction.ts';
