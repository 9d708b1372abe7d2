import { type JsonObject, parseJson } from '@pipeline/singer';
import { addTo } from '../src/records/record.ts';

const record = (object: JsonObject) => addTo({}, object);

describe('addTo', () => {
  it('converts dates at any depth and drops their twins', () => {
    const object = {
      Date: '/Date(1539993600000+0000)/',
      DateString: '2018-10-20T00:00:00',
      UpdatedDateUTCString: '2018-11-02T16:31:30Z',
      UpdatedDateUTC: '/Date(1541176290160+0000)/',
      Payments: [{ Date: '/Date(1543449600000+0000)/', HasValidationErrors: false }],
    };
    expect(record(object)).toEqual({
      Date: '2018-10-20',
      UpdatedDateUTC: '2018-11-02T16:31:30.160Z',
      Payments: [{ Date: '2018-11-29' }],
    });
  });

  it('keeps a property that only ends like a twin', () => {
    expect(record({ ConnectionString: 'x' })).toEqual({ ConnectionString: 'x' });
  });

  it('keeps properties that nobody declared', () => {
    expect(record({ SomethingNew: { Deep: [1, null] } })).toEqual({ SomethingNew: { Deep: [1, null] } });
  });

  it('keeps every digit of a number', () => {
    const text = '{"Total":1234567890123456.1200,"CurrencyRate":1.000000}';
    expect(JSON.stringify(record(parseJson(text) as JsonObject))).toBe(text);
  });

  it('leaves out what is read elsewhere', () => {
    expect(addTo({}, { LineItems: [], Total: 1 }, { without: new Set(['LineItems']) })).toEqual({ Total: 1 });
  });

  it('puts the id in the place of an object that is referred to, and keeps one without an id as it is', () => {
    const references = { BankAccount: { id: 'AccountID', column: 'BankAccountID' } };
    const flat = (BankAccount: JsonObject | null) => addTo({}, { BankAccount }, { references });
    expect(flat({ AccountID: 'a', Name: 'old' })).toEqual({ BankAccountID: 'a' });
    expect(flat({ Code: '090' })).toEqual({ BankAccount: { Code: '090' } });
    expect(flat(null)).toEqual({ BankAccount: null });
  });
});
