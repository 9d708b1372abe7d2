import { inTransaction } from '@pipeline/postgres';
import { sdcSequence } from '@pipeline/protocol';
import type { Table } from '../src/index.ts';
import { withChangedStatements } from './support/changed-statements.ts';
import { DATABASE_SCHEMA, readRows, schemaOf, useLoader } from './support/loading.ts';

const schema = schemaOf('s', { id: { type: 'integer' }, v: { type: 'string' } });

/** A RECORD; what comes in a BATCH has no version. */
const line = (record: { id: number; v: string }, version?: number) =>
  JSON.stringify({ type: 'RECORD', stream: 's', ...(version === undefined ? {} : { version }), record });

const VERSION_GUARD = 'and coalesce(target._sdc_table_version <= excluded._sdc_table_version, true)';

describe('versions of a table', () => {
  const own = useLoader();
  const activate = (ownFrom: bigint) =>
    inTransaction(own.loader.pool, (client) =>
      own.loader.warehouse.activateVersion(client, {
        databaseSchema: DATABASE_SCHEMA,
        stream: 's',
        version: '5',
        sequence: sdcSequence(1, 1),
        ownFrom,
      }),
    );

  describe('a record of an older version than the active one', () => {
    const unaware = (table: Table): Table => ({
      ...table,
      stagedShape: { ...table.stagedShape, activeVersion: undefined },
    });
    const loadStale = async (id: number, seen: (table: Table) => Table, statements = (same: string) => same) => {
      await own.loader.loadLines(schema, [line({ id: 1, v: 'new' }, 5)], sdcSequence(1, 0));
      await activate(sdcSequence(1, 0));
      const table = seen(await own.loader.warehouse.prepare(schema, { databaseSchema: DATABASE_SCHEMA }));
      const batch = { sequence: sdcSequence(2, 0), receivedAt: new Date() };
      const stale = Buffer.from(line({ id, v: 'old' }, 4));
      await inTransaction(own.loader.pool, (client) =>
        own.loader.warehouse.write(withChangedStatements(client, statements), table, stale, batch),
      );
      return readRows(own.loader.pool, 's', ['id', 'v']);
    };

    it('is left out', async () => {
      expect(await loadStale(2, (table) => table)).toEqual([{ id: '1', v: 'new' }]);
    });

    it('would bring back a row that is gone if the active version were not known (mutation)', async () => {
      expect(await loadStale(2, unaware)).toEqual([
        { id: '1', v: 'new' },
        { id: '2', v: 'old' },
      ]);
    });

    it('overwrites nothing, even if its loader does not know of the newer version yet', async () => {
      expect(await loadStale(1, unaware)).toEqual([{ id: '1', v: 'new' }]);
    });

    it('would overwrite the newer row if the upsert did not compare versions (mutation)', async () => {
      const statements = (statement: string) => statement.replace(VERSION_GUARD, '');
      expect(await loadStale(1, unaware, statements)).toEqual([{ id: '1', v: 'old' }]);
    });
  });

  describe('rows without a version, as those of a BATCH', () => {
    const loadBatch = async (ownFrom: bigint) => {
      await own.loader.loadLines(schema, [line({ id: 1, v: 'of a batch' })], sdcSequence(1, 0));
      await activate(ownFrom);
      return readRows(own.loader.pool, 's', ['v', '_sdc_deleted_at']);
    };

    it('live when the run that brought them activates its version', async () => {
      expect(await loadBatch(sdcSequence(1, 0))).toEqual([{ v: 'of a batch', _sdc_deleted_at: null }]);
    });

    it('would be deleted with the older versions if nothing said that they are of this run (mutation)', async () => {
      expect(await loadBatch(sdcSequence(2, 0))).toEqual([{ v: 'of a batch', _sdc_deleted_at: expect.any(String) }]);
    });
  });
});
