import { FAILURES, PipelineError } from '@pipeline/protocol';
import { expectedFailure, failureOf, isTransient, isWaitedOut, safeText } from '../src/index.ts';

const error = (code: string, message: string, more = {}) => Object.assign(new Error(message), { code }, more);

describe('failureOf', () => {
  it.each([
    ['08006', 'database_away'],
    ['ECONNREFUSED', 'database_away'],
    ['57P01', 'database_away'],
    ['58030', 'database_away'],
    ['53100', 'database_disk_full'],
    ['53300', 'database_overloaded'],
    ['28P01', 'database_login_refused'],
    ['28000', 'database_login_refused'],
    ['3D000', 'database_missing'],
    ['25006', 'database_read_only'],
    ['55P03', 'database_busy'],
    ['40P01', 'database_busy'],
    ['42501', 'right_missing'],
    ['0A000', 'table_in_the_way'],
    ['42P01', 'table_in_the_way'],
    ['22P02', 'record_does_not_fit'],
    ['XX000', 'unknown'],
  ])('knows %s as %s', (code, name) => {
    expect(failureOf(error(code, 'what it says')).name).toBe(name);
  });

  it('says what happened, what the server said and what to do', () => {
    const refused = error('42501', 'permission denied for table deals', { table: 'deals', schema: 'hubspot' });
    expect(failureOf(refused)).toEqual({
      name: 'right_missing',
      code: '42501',
      text:
        'the role of the service lacks a right in PostgreSQL: permission denied for table deals ' +
        '(SQLSTATE 42501, schema hubspot, table deals); grant it; the next run goes on from the last bookmark',
    });
  });

  it('leaves the text to whoever throws a PipelineError', () => {
    const frozen = new PipelineError({ code: 'CONTRACT_FROZEN', recovery: 'fail', message: 'deals may not grow' });
    expect(failureOf(frozen)).toEqual({ name: 'stream_refused', code: 'CONTRACT_FROZEN', text: 'deals may not grow' });
  });

  it('waits out exactly what a repetition mends, and a right that may be granted', () => {
    for (const code of ['08006', '28P01', '3D000', '53100', '25006', '40P01', '57P03']) {
      expect([code, isTransient(error(code, '')), isWaitedOut(failureOf(error(code, '')))]).toEqual([code, true, true]);
    }
    expect([isTransient(error('42501', '')), isWaitedOut(failureOf(error('42501', '')))]).toEqual([false, true]);
    expect([isTransient(error('42601', '')), isWaitedOut(failureOf(error('42601', '')))]).toEqual([false, false]);
  });

  it('expects what is waited out and what is named, and nothing else', () => {
    const named = new PipelineError({ code: 'DBT_DIED', recovery: 'retry', message: 'dbt died' });
    expect([error('28P01', ''), named].map((each) => expectedFailure(each)?.code)).toEqual(['28P01', 'DBT_DIED']);
    for (const defect of [new TypeError('x'), error('42601', 'syntax error'), error('23505', ''), 'text']) {
      expect(expectedFailure(defect)).toBeUndefined();
    }
  });

  it('asks PostgreSQL whether what libs/warehouse says of a table passes', () => {
    const refused = (state: string) =>
      new PipelineError({ code: 'TABLE_REFUSED', recovery: 'fix-config', message: 'refused', cause: error(state, '') });
    const names = ['42501', '25006', '0A000', '57014', '23505'].map((state) => failureOf(refused(state)).name);
    expect(names).toEqual([
      ...['right_missing', 'database_read_only'],
      ...['table_in_the_way', 'table_in_the_way', 'table_in_the_way'],
    ]);
  });

  it('has a remedy for every kind', () => {
    for (const kind of Object.values(FAILURES)) expect(kind.remedy.length).toBeGreaterThan(10);
  });
});

describe('safeText', () => {
  it('quotes no value of a record', () => {
    const refused = error('22P02', 'invalid input syntax for type integer: "Ada Lovelace"', { column: 'age' });
    expect(safeText(refused)).toBe('a value was refused (SQLSTATE 22P02, column age)');
    let syntax: unknown;
    try {
      JSON.parse('{"name": Ada Lovelace}');
    } catch (thrown) {
      syntax = thrown;
    }
    expect(safeText(syntax)).toBe('SyntaxError: its message may quote a record');
  });

  it('keeps the name and the first line of anything else', () => {
    expect(safeText(new TypeError("Cannot read properties of undefined (reading 'id')\nsecond"))).toBe(
      "TypeError: Cannot read properties of undefined (reading 'id')",
    );
  });
});
