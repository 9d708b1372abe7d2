import { randomBytes } from 'node:crypto';
import { createPool, type DatabaseOptions, type Pool, quoteIdent } from '@pipeline/postgres';
import { type StackConnections, stackConnections } from './connections.ts';

/** A database of its own for one test file. */
export interface TestDatabase {
  /** For {@link createPool}, and for code that opens its own connections. */
  options: DatabaseOptions;
  /** A pool to it, closed by {@link drop}. */
  pool: Pool;
  /** The same as environment variables, for services started as processes. */
  environment: Record<'DB_HOST' | 'DB_PORT' | 'DB_DATABASE' | 'DB_USERNAME' | 'DB_PASSWORD', string>;
  /** Closes the pool, cuts whoever is still connected and drops the database. */
  drop(): Promise<void>;
}

/** What a database starts with. Prepared once per test stack, then cloned: a clone takes about 100 ms. */
export interface DatabaseTemplate {
  /** Same name, same contents. */
  name: string;
  prepare(pool: Pool): Promise<void>;
}

const POOL_SIZE = 10;
/** Any number that nobody else uses: test files that need the same template take turns. */
const TEMPLATE_LOCK = 4_120_937_731;

/** Creates a database for one test file: empty, or a clone of `template`. Call it in `beforeAll`, `drop()` in `afterAll`. */
export async function createTestDatabase(
  template?: DatabaseTemplate,
  servers: StackConnections = stackConnections(),
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withAdmin(servers, async (admin) => {
    const source = template === undefined ? 'template1' : await ensureTemplate(servers, admin, template);
    await admin.query(`create database ${quoteIdent(name)} template ${quoteIdent(source)}`);
  });
  const options = databaseOptions(servers, name);
  const pool = createPool(options);
  return {
    options,
    pool,
    environment: {
      DB_HOST: options.host,
      DB_PORT: String(options.port),
      DB_DATABASE: name,
      DB_USERNAME: options.user,
      DB_PASSWORD: options.password,
    },
    drop: async () => {
      await pool.end();
      await withAdmin(servers, (admin) => admin.query(`drop database if exists ${quoteIdent(name)} with (force)`));
    },
  };
}

async function ensureTemplate(
  servers: StackConnections,
  admin: Pool,
  { name, prepare }: DatabaseTemplate,
): Promise<string> {
  const ready = `template_${name}`;
  const client = await admin.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [ready]);
    if (rowCount === 1) return ready;
    const draft = `${ready}_draft`;
    await client.query(`drop database if exists ${quoteIdent(draft)} with (force)`);
    await client.query(`create database ${quoteIdent(draft)}`);
    const pool = createPool(databaseOptions(servers, draft));
    await prepare(pool).finally(() => pool.end());
    // Only a finished template has the name that others look for.
    await client.query(`alter database ${quoteIdent(draft)} rename to ${quoteIdent(ready)}`);
    return ready;
  } finally {
    // Closing the session releases the lock.
    client.release(true);
  }
}

async function withAdmin<T>(servers: StackConnections, work: (admin: Pool) => Promise<T>): Promise<T> {
  const admin = createPool(databaseOptions(servers, 'postgres'));
  return await work(admin).finally(() => admin.end());
}

function databaseOptions({ postgres }: StackConnections, database: string): DatabaseOptions {
  const { host, port, user, password } = postgres;
  return { host, port, user, password, database, sslmode: 'disable', applicationName: 'test', poolSize: POOL_SIZE };
}
