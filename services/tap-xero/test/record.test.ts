import { parseJson } from '@pipeline/singer';
import { toRecord, withIds } from '../src/record.ts';

describe('toRecord', () => {
  it('converts dates at any depth and drops their twins', () => {
    const object = {
      Date: '/Date(1539993600000+0000)/',
      DateString: '2018-10-20T00:00:00',
      UpdatedDateUTCString: '2018-11-02T16:31:30Z',
      UpdatedDateUTC: '/Date(1541176290160+0000)/',
      Payments: [{ Date: '/Date(1543449600000+0000)/', HasValidationErrors: false }],
    };
    expect(toRecord(object)).toEqual({
      Date: '2018-10-20',
      UpdatedDateUTC: '2018-11-02T16:31:30.160Z',
      Payments: [{ Date: '2018-11-29' }],
    });
  });

  it('keeps a property that only ends like a twin', () => {
    expect(toRecord({ ConnectionString: 'x' })).toEqual({ ConnectionString: 'x' });
  });

  it('keeps properties that nobody declared', () => {
    expect(toRecord({ SomethingNew: { Deep: [1, null] } })).toEqual({ SomethingNew: { Deep: [1, null] } });
  });

  it('keeps every digit of a number', () => {
    const text = '{"Total":1234567890123456.1200,"CurrencyRate":1.000000}';
    const parsed = parseJson(text);
    expect(JSON.stringify(toRecord(parsed as { [name: string]: never }))).toBe(text);
  });
});

describe('withIds', () => {
  const references = { BankAccount: { id: 'AccountID', column: 'BankAccountID' } };

  it('puts the id in the place of the object', () => {
    expect(withIds({ BankAccount: { AccountID: 'a', Name: 'old' } }, references)).toEqual({ BankAccountID: 'a' });
  });

  it('leaves a reference without an id as it is', () => {
    expect(withIds({ BankAccount: { Code: '090' } }, references)).toEqual({ BankAccount: { Code: '090' } });
    expect(withIds({ BankAccount: null }, references)).toEqual({ BankAccount: null });
  });
});
