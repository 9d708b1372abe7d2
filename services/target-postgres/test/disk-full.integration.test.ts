import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@pipeline/local-stack';
import { createPool, type Pool } from '@pipeline/postgres';
import { mountSmallDisk, type SmallDisk, waitFor } from '@pipeline/testing';
import { startTargetProcess } from './support/target-process.ts';

const DISK_MEGABYTES = 12;
const RECORD_BYTES = 200_000;
const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"},"v":{"type":"string"}}},"key_properties":["id"]}\n';
/** Text that PostgreSQL cannot make smaller. */
const record = (id: number) =>
  `{"type":"RECORD","stream":"s","record":{"id":${id},"v":"${randomBytes(RECORD_BYTES / 2).toString('hex')}"}}\n`;
const state = (id: number) => `{"type":"STATE","value":{"id":${id}}}\n`;

describe('target-postgres when the disk of PostgreSQL is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-full-'));
  let disk: SmallDisk;
  let server: PostgresServer;
  let pool: Pool;
  beforeAll(async () => {
    disk = mountSmallDisk(DISK_MEGABYTES);
    server = await startPostgres({ dataDir: folder });
    pool = createPool({ ...server, sslmode: 'disable', applicationName: 'test', poolSize: 1 });
    // The write-ahead log is elsewhere: a server without room for that goes down.
    await pool.query(`create tablespace small location '${disk.path}'`);
  }, 120_000);
  afterAll(async () => {
    await pool?.end();
    await server?.stop();
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => disk.free());

  /** A run whose first record is committed, and whose second finds the disk full. */
  const untilFull = async (schema: string, settings: object) => {
    await pool.query(
      `create schema ${schema}; create table ${schema}.s (id bigint primary key, v text) tablespace small`,
    );
    const { host, port, user, password, database: dbname } = server;
    const address = { host, port, user, password, dbname, sslmode: 'disable', default_target_schema: schema };
    const run = startTargetProcess({ ...address, flush_seconds: 0.1, ...settings });
    run.input.write(SCHEMA + record(1) + state(1));
    await waitFor(() => run.states() === '{"id":1}\n', { timeoutMs: 60_000, what: 'the first STATE' });
    disk.fill();
    run.input.write(record(2) + state(2));
    await waitFor(() => run.log().includes('waits for PostgreSQL'), { timeoutMs: 60_000, what: 'that it waits' });
    return run;
  };

  it('says so at once, and goes on when there is room again', async () => {
    const run = await untilFull('goes_on', {});
    expect(run.log()).toContain('stream s waits for PostgreSQL: its disk is full (53100)');
    disk.free();
    run.input.end();
    expect(await run.ended).toBe(0);
    expect(run.states()).toBe('{"id":1}\n{"id":2}\n');
    const { rows } = await pool.query('select id, length(v) as length from goes_on.s order by id');
    expect(rows).toEqual(['1', '2'].map((id) => ({ id, length: RECORD_BYTES })));
  });

  it('ends with 75 after its patience, names the reason, and tells no STATE of what is not there', async () => {
    const run = await untilFull('gives_up', { database_wait_seconds: 2 });
    run.input.end();
    expect(await run.ended).toBe(75);
    expect(run.log()).toMatch(/PostgreSQL cannot be used: its disk is full \(53100\)\. Waited \d+ seconds/);
    expect(run.states()).toBe('{"id":1}\n');
    const { rows } = await pool.query('select id from gives_up.s');
    expect(rows).toEqual([{ id: '1' }]);
  });
});
