import { isTransient, quoteIdent, safeText, sqlstate } from '../src/index.ts';

const error = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('sqlstate', () => {
  it.each(['08006', '40P01', '40001', '53300', '57P01', '55P03', 'ECONNREFUSED', 'EPIPE'])('waits %s out', (code) => {
    expect(isTransient(error(code))).toBe(true);
  });

  it('waits a terminated connection out, which has no code', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it.each(['22P02', '22003', '23502'])('does not wait %s out, which the data is to blame for', (code) => {
    expect(isTransient(error(code))).toBe(false);
  });

  it('repeats nothing for a mistake in a statement', () => {
    expect(isTransient(error('42601'))).toBe(false);
    expect(sqlstate(error('42601'))).toBe('42601');
  });

  it('is no code of the system, though one has five letters', () => {
    expect(sqlstate(error('EPIPE'))).toBeUndefined();
    expect(safeText(error('EPIPE', 'write EPIPE'))).toBe('Error: write EPIPE');
  });
});

describe('quoteIdent', () => {
  it('doubles quotes', () => {
    expect(quoteIdent('x"; drop table t;--')).toBe('"x""; drop table t;--"');
  });

  it('takes 63 bytes and refuses 64, none, and NUL', () => {
    expect(quoteIdent(`${'é'.repeat(31)}x`)).toHaveLength(34);
    expect(() => quoteIdent('é'.repeat(32))).toThrow(RangeError);
    expect(() => quoteIdent('')).toThrow(RangeError);
    expect(() => quoteIdent('a\0b')).toThrow(RangeError);
  });
});
