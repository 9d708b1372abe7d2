import { checkCsrf, checkRole } from '../../access/caller.ts';
import { actOnce } from './idempotency.ts';

/** What stands between a caller and a handler. */
export const GUARDS = { checkRole, checkCsrf, actOnce };
export type Guards = typeof GUARDS;
