import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Statement, sql, statement } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { Describer, type Description } from '../../postgres/test/support/describe-statement.ts';
import * as statuses from '../src/status/index.ts';
import { controlDatabase } from './support.ts';

const STATEMENT_ON_PIPELINE = /\b(from|join|into|update|nextval\(')\s*pipeline\.[a-z]/;
/** A statement that begins in a file of code: SQL stands in `*.sql.ts`. */
const INLINE = /[`'](select|insert into|update|delete from|with|truncate|declare)\s[^;]*?\bpipeline\.[a-z$]/;
const SOURCE = join(import.meta.dirname, '..', 'src');

/** Every statement of the library, by the file that declares it. */
async function readStatements(): Promise<[file: string, found: Statement][]> {
  const files = globSync('**/*.sql.ts', { cwd: SOURCE }).sort();
  const modules = await Promise.all(files.map((file) => import(join(SOURCE, file))));
  return modules.flatMap((exports: Record<string, unknown>, index) =>
    Object.values(exports).flatMap((value): [string, Statement][] =>
      isStatement(value) ? [[files[index] ?? '', value]] : [],
    ),
  );
}

function isStatement(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null && 'text' in value && 'parameters' in value;
}

/** What a statement declares and the schema says otherwise. */
function differences(declared: Statement, actual: Description): string[] {
  const parameters = Object.values(declared.parameters).map((type) => type.sql);
  const columns = Object.entries(declared.row);
  const wrong: string[] = [];
  if (parameters.join() !== actual.parameters.join()) {
    wrong.push(`parameters are ${actual.parameters.join()}, declared ${parameters.join()}`);
  }
  const names = columns.map(([name]) => name).join();
  const actualNames = actual.columns.map(({ name }) => name).join();
  if (names !== actualNames) return [...wrong, `columns are ${actualNames}, declared ${names}`];
  for (const [index, [name, type]] of columns.entries()) {
    const column = actual.columns[index];
    if (column?.type !== type.sql) wrong.push(`${name} is ${column?.type}, declared ${type.sql}`);
    if (column?.mayBeNull === true && !type.isNullable && type.isNeverNull !== true) wrong.push(`${name} may be null`);
  }
  return wrong;
}

describe('the statements on schema pipeline', () => {
  let database: TestDatabase;
  let describer: Describer;
  let found: [string, Statement][];
  beforeAll(async () => {
    database = await controlDatabase();
    describer = new Describer(database.options);
    await describer.open();
    found = await readStatements();
  });
  afterAll(async () => {
    await describer.close();
    await database.drop();
  });

  it('take and return what the schema says', async () => {
    const wrong: string[] = [];
    for (const [file, declared] of found) {
      const problems = await describer.describe(declared).then(
        (actual) => differences(declared, actual),
        (error: unknown) => [String(error)],
      );
      wrong.push(...problems.map((problem) => `${file} ${declared.name}: ${problem}`));
    }
    expect(found.length).toBeGreaterThan(180);
    expect(wrong).toEqual([]);
  });

  it('have names of their own', () => {
    const names = found.map(([, { name }]) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('stand in this library only', () => {
    const root = join(SOURCE, '..', '..', '..');
    const others = globSync('{libs,services}/*/src/**/*.ts', {
      cwd: root,
      exclude: (path) => /^(libs\/(control|testing)|services\/scheduler\/web)|node_modules/.test(path),
    });
    const intruders = others.filter((file) => STATEMENT_ON_PIPELINE.test(readFileSync(join(root, file), 'utf8')));
    expect(others.length).toBeGreaterThan(300);
    // The history of migrations belongs to whoever migrates.
    expect(intruders).toEqual(['libs/postgres/src/migrate.ts']);
  });

  it('stand in files of SQL only', () => {
    const files = globSync('**/*.ts', { cwd: SOURCE, exclude: (path) => path.endsWith('.sql.ts') });
    const holdsSql = (text: string) => STATEMENT_ON_PIPELINE.test(text) || INLINE.test(text);
    const intruders = files.filter((file) => holdsSql(readFileSync(join(SOURCE, file), 'utf8')));
    expect(files.length).toBeGreaterThan(60);
    expect(intruders).toEqual([]);
    expect(holdsSql('db.query(`select id from pipeline.tasks`)')).toBe(true);
  });

  it('are found out when they say something else (mutation)', async () => {
    const text = 'select id, epoch, error from pipeline.dbt_runs where target = $1';
    const row = { id: sql.int8, epoch: sql.int8, error: sql.nullable(sql.text) };
    const wrong = statement({ name: 'wrong', text, parameters: { target: sql.uuid }, row });
    expect(differences(wrong, await describer.describe(wrong))).toEqual([
      'parameters are text, declared uuid',
      'id is uuid, declared bigint',
      'epoch may be null',
    ]);
    const renamed = statement({ name: 'renamed', text, parameters: { target: sql.text }, row: { key: sql.uuid } });
    expect(differences(renamed, await describer.describe(renamed))).toEqual([
      'columns are id,epoch,error, declared key',
    ]);
    const missing = statement({ name: 'missing', text: 'select nothing from pipeline.tasks' });
    await expect(describer.describe(missing)).rejects.toThrow('column "nothing" does not exist');
  });
});

describe('the statuses', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterAll(() => database.drop());

  const tables = Object.values(statuses).flatMap((value) => ('change' in value ? [value] : []));
  it.each(tables.map((table) => [`${table.table}.${table.column}`, table] as const))(
    'of %s are those that the schema allows',
    async (_, table) => {
      const { rows } = await database.pool.query<{ definition: string }>(
        `select pg_get_constraintdef(oid) as definition from pg_constraint
         where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like $2`,
        [table.table, `%${table.column} = ANY%`],
      );
      const allowed = [...(rows[0]?.definition ?? '').matchAll(/'(\w+)'/g)].map(([, literal]) => literal);
      expect(allowed.sort()).toEqual([...table.all].sort());
    },
  );
});
