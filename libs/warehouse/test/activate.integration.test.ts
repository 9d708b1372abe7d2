import { inTransaction } from '@pipeline/postgres';
import { type DeleteRule, sdcSequence } from '@pipeline/protocol';
import { DEFAULT_DELETE_THRESHOLD } from '../src/index.ts';
import { DATABASE_SCHEMA, readRows, schemaOf, useLoader } from './support/loading.ts';

const deals = schemaOf('deals', { id: { type: 'integer' } });
const links = schemaOf('links', { deal: { type: 'integer' }, company: { type: 'integer' } }, ['deal', 'company']);
const perParent: DeleteRule = { kind: 'absent-per-parent', parent: 'deals', columns: { deal: 'id' } };

const own = useLoader();

function loadDeals(epoch: number, ids: number[], seq = 0) {
  return own.loader.load(
    deals,
    ids.map((id) => ({ id })),
    sdcSequence(epoch, seq),
  );
}

function activate(stream: string, epoch: number, rule: DeleteRule, threshold: 'off' | undefined = undefined) {
  return inTransaction(own.loader.pool, (client) =>
    own.loader.warehouse.activate(client, {
      databaseSchema: DATABASE_SCHEMA,
      stream,
      epoch,
      rule,
      ...(threshold === undefined ? {} : { threshold }),
    }),
  );
}

async function live(table: string, column = 'id'): Promise<(string | undefined)[]> {
  const { rows } = await own.database.pool.query<Record<string, string>>(
    `select ${column}::text from source.${table} where _sdc_deleted_at is null order by ${table}.${column}`,
  );
  return rows.map((row) => row[column]);
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

test('rows that a complete attempt did not bring are marked, the others stay', async () => {
  await loadDeals(1, [1, 2, 3]);
  await loadDeals(2, [2, 3, 4]);
  expect(await activate('deals', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 1 });
  expect(await live('deals')).toEqual(['2', '3', '4']);
});

test('marking again changes nothing', async () => {
  await loadDeals(1, [1]);
  await activate('deals', 2, { kind: 'absent' });
  const before = await readRows(own.database.pool, 'deals', ['id', '_sdc_deleted_at', '_sdc_sequence']);
  expect(await activate('deals', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 0 });
  expect(await readRows(own.database.pool, 'deals', ['id', '_sdc_deleted_at', '_sdc_sequence'])).toEqual(before);
});

test('a late batch of an older attempt cannot bring a marked row back, a newer attempt can', async () => {
  await loadDeals(1, [1, 2]);
  await loadDeals(2, [2]);
  await activate('deals', 2, { kind: 'absent' });
  await loadDeals(1, [1], 5);
  expect(await live('deals')).toEqual(['2']);
  await loadDeals(3, [1]);
  expect(await live('deals')).toEqual(['1', '2']);
});

test('nothing is marked where the rule says nothing, or where there is no table', async () => {
  await loadDeals(1, [1]);
  expect(await activate('deals', 2, { kind: 'none' })).toEqual({ outcome: 'activated', deleted: 0 });
  expect(await activate('nowhere', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 0 });
  expect(await live('deals')).toEqual(['1']);
});

describe('the delete threshold', () => {
  test('lets as many rows go as a small table may lose, and refuses one more', async () => {
    await loadDeals(1, range(DEFAULT_DELETE_THRESHOLD.rows));
    expect(await activate('deals', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 100 });
    await loadDeals(3, range(DEFAULT_DELETE_THRESHOLD.rows + 1));
    expect(await activate('deals', 4, { kind: 'absent' })).toEqual({ outcome: 'refused', live: 101, absent: 101 });
    expect(await live('deals')).toHaveLength(101);
  });

  test('lets half of a large table go, and refuses one row more', async () => {
    await loadDeals(1, range(400));
    await loadDeals(2, range(200));
    expect(await activate('deals', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 200 });
    await loadDeals(3, range(400));
    await loadDeals(4, range(199));
    expect(await activate('deals', 4, { kind: 'absent' })).toEqual({ outcome: 'refused', live: 400, absent: 201 });
  });

  test('is off when the operator says so', async () => {
    await loadDeals(1, range(400));
    expect(await activate('deals', 2, { kind: 'absent' }, 'off')).toEqual({ outcome: 'activated', deleted: 400 });
  });
});

describe('children that were read per parent', () => {
  beforeEach(async () => {
    await loadDeals(1, [1, 2]);
    const pairs = [
      { deal: 1, company: 10 },
      { deal: 1, company: 11 },
      { deal: 2, company: 20 },
    ];
    await own.loader.load(links, pairs, sdcSequence(1, 1));
  });

  test('go when their parent was read and they were not', async () => {
    await loadDeals(2, [1]);
    await own.loader.load(links, [{ deal: 1, company: 11 }], sdcSequence(2, 1));
    expect(await activate('links', 2, perParent)).toEqual({ outcome: 'activated', deleted: 1 });
    expect(await live('links', 'company')).toEqual(['11', '20']);
  });

  test('go with a parent that is gone', async () => {
    await loadDeals(2, [1]);
    await own.loader.load(
      links,
      [
        { deal: 1, company: 10 },
        { deal: 1, company: 11 },
      ],
      sdcSequence(2, 1),
    );
    await activate('deals', 2, { kind: 'absent' });
    await activate('links', 2, perParent);
    expect(await live('links', 'company')).toEqual(['10', '11']);
  });

  test('stay when their parent was not read', async () => {
    await loadDeals(2, [3]);
    expect(await activate('links', 2, perParent)).toEqual({ outcome: 'activated', deleted: 0 });
    expect(await live('links', 'company')).toEqual(['10', '11', '20']);
  });
});

test('rows of a stream without a key are marked too', async () => {
  const events = schemaOf('events', { id: { type: 'integer' } }, []);
  await own.loader.load(events, [{ id: 1 }], sdcSequence(1, 0));
  await own.loader.load(events, [{ id: 1 }], sdcSequence(2, 0));
  expect(await activate('events', 2, { kind: 'absent' })).toEqual({ outcome: 'activated', deleted: 1 });
  expect(await live('events')).toEqual(['1']);
});
