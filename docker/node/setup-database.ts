// Before any service: the schema as it must be, and a role for each service with the rights it needs. A database of somebody else's stays as it is.
import { isOwnDatabase, prepare } from './own-database.ts';

if (isOwnDatabase(process.env['DB_HOST'])) await prepare(process.env['DB_DATABASE'] ?? '');
