import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  BACKUP_TABLES,
  electLeader,
  insertConnection,
  insertToken,
  migrateControl,
  registerPipeline,
  restoreControl,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { createTestDatabase, programEnvironment, type TestDatabase } from '@pipeline/testing';
import { without } from '../../../libs/control/test/support.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const PIPELINE = 'pipeline_test_to_postgres';
/** The statement that asks whether a scheduler leads. */
const LEADER = /^.*from pipeline\.leaders.*$/s;
const LEASE_MS = 60_000;
/** More than a number of JavaScript can hold. */
const LARGE = '9007199254740993';

/** Opened when the first line is asked for: a reader drops the lines that come before. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path) });
}

/** As a backup is that was cut short. */
async function* withoutEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) if (!line.includes('"end"')) yield line;
}

/** The pool with one protection switched off, in every client that it lends. */
function poolWithout(pool: Pool, clause: RegExp): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return async () => without(await target.connect(), clause);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function fill(pool: Pool): Promise<void> {
  const client = await pool.connect();
  await insertConnection(client, {
    ...{ name: 'test', source: 'test', settings: { a: 1 }, selection: { select: null }, targetSchema: 'test' },
    secrets: { sealed: Buffer.from([0, 1, 255]), keyId: 'k', secrets: { token: '2026-01-01T00:00:00Z' } },
  });
  client.release();
  await registerPipeline(pool, { name: PIPELINE, source: 'test', streams: [{ name: 'deals', children: [] }] });
  await insertToken(pool, { name: 'me', role: 'admin', sha256: Buffer.alloc(32, 7), createdBy: 'test', days: null });
  await pool.query(
    `insert into pipeline.states (pipeline, stream, value, is_current, set_by)
     select $1, 'deals', jsonb_build_object('n', ${LARGE}, 'i', i), i = 1200, 'test' from generate_series(1, 1200) i`,
    [PIPELINE],
  );
  await pool.query(
    "insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('test', 'deals', 'deals', '{id}')",
  );
  await pool.query("insert into pipeline.audit_log (actor, action, target) values ('a', 'b', 'c')");
  await pool.query("select setval('pipeline.epoch_seq', 41)");
}

async function contents(pool: Pool): Promise<Record<string, string | null>> {
  const result: Record<string, string | null> = {};
  for (const table of BACKUP_TABLES) {
    const { rows } = await pool.query<{ text: string | null }>(
      `select string_agg(t::text, E'\\n' order by t::text) as text from pipeline.${table} t`,
    );
    result[table] = rows[0]?.text ?? null;
  }
  return result;
}

describe('pipeline backup and restore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const file = join(folder, 'control.ndjson');
  let from: TestDatabase;
  let to: TestDatabase;
  beforeAll(async () => {
    from = await createTestDatabase({ name: 'scheduler_api', prepare: migrateControl });
    to = await createTestDatabase();
    await fill(from.pool);
  });
  afterAll(async () => {
    await Promise.all([from.drop(), to.drop()]);
    rmSync(folder, { recursive: true });
  });

  const run = (database: TestDatabase, ...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const env = { ...programEnvironment(), ...database.environment };
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
        ...{ env, cwd: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      child.stderr.on('data', (chunk) => {
        output += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });

  it('brings every row back as it was into an empty database, and epochs go on above all that were used', async () => {
    expect(await run(from, 'backup', file)).toMatchObject({ code: 0, output: expect.stringContaining('rows') });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await run(to, 'restore', file)).toMatchObject({ code: 0, output: expect.stringMatching(/states\s.*1200/) });
    expect(await contents(to.pool)).toEqual(await contents(from.pool));
    const { rows } = await to.pool.query<{ epoch: string }>("select nextval('pipeline.epoch_seq') as epoch");
    expect(Number(rows[0]?.epoch)).toBeGreaterThan(1_000_000);
    const inserted = await to.pool.query(
      "insert into pipeline.audit_log (actor, action, target) values ('a', 'b', 'c')",
    );
    expect(inserted.rowCount).toBe(1);
  });

  /** What a restore without one of its protections does to a new database. */
  const unprotected = async (clause: RegExp, lines: AsyncIterable<string>, check: (pool: Pool) => Promise<void>) => {
    const other = await createTestDatabase({ name: 'scheduler_api', prepare: migrateControl });
    try {
      if (clause === LEADER) await electLeader(other.pool, 'scheduler', crypto.randomUUID(), LEASE_MS);
      await restoreControl(poolWithout(other.pool, clause), lines, { replace: false }).catch(() => undefined);
      await check(other.pool);
    } finally {
      await other.drop();
    }
  };

  it('would issue epochs a second time if a restore left their sequence alone (mutation)', () =>
    unprotected(/^.*setval\('pipeline\.epoch_seq'.*$/s, linesOf(file), async (pool) => {
      const { rows } = await pool.query<{ epoch: string }>("select nextval('pipeline.epoch_seq') as epoch");
      expect(Number(rows[0]?.epoch)).toBeLessThan(1_000_000);
    }));

  it('would leave a part of a backup that is cut short without a transaction (mutation)', () =>
    unprotected(/^begin\b.*$/is, withoutEnd(linesOf(file)), async (pool) => {
      const { states, ...others } = await contents(pool);
      expect([others['connections'], states]).toEqual([expect.any(String), expect.any(String)]);
    }));

  it('would put rows under a scheduler that decides about them (mutation)', () =>
    unprotected(LEADER, linesOf(file), async (pool) => {
      expect(await contents(pool)).toEqual(await contents(from.pool));
    }));

  it('overwrites neither a file nor a schema in use without being told', async () => {
    expect(await run(from, 'backup', file)).toMatchObject({ code: 2, output: expect.stringContaining('another name') });
    expect(await run(to, 'restore', file)).toMatchObject({ code: 2, output: expect.stringContaining('--yes') });
    expect(await run(to, '--yes', 'restore', file)).toMatchObject({ code: 0 });
    expect(await contents(to.pool)).toEqual(await contents(from.pool));
  });

  it('changes nothing for a file that is cut short, of another version, or none at all', async () => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const before = await contents(to.pool);
    const attempt = async (changed: string[]) => {
      const other = join(folder, 'other.ndjson');
      writeFileSync(other, changed.join('\n'));
      return run(to, '--yes', 'restore', other);
    };
    const cases: [string[], string][] = [
      [lines.slice(0, -1), 'cut short'],
      [lines.filter((_, index) => index !== 5), 'it was changed'],
      [
        lines.map((line, index) => (index === 0 ? line.replace(/\d{3}_\w+\.sql/, '999_later.sql') : line)),
        '999_later.sql',
      ],
      [['hello'], 'line 1'],
    ];
    for (const [changed, text] of cases) {
      expect(await attempt(changed)).toMatchObject({ code: 1, output: expect.stringContaining(text) });
    }
    expect(await contents(to.pool)).toEqual(before);
  });

  it('refuses while a scheduler leads', async () => {
    await electLeader(to.pool, 'scheduler', crypto.randomUUID(), LEASE_MS);
    expect(await run(to, '--yes', 'restore', file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('stop every service'),
    });
  });
});
