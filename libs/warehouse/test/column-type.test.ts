import fc from 'fast-check';
import { type ColumnType, widest } from '../src/table/column-type.ts';

const types: ColumnType[] = ['boolean', 'bigint', 'numeric', 'date', 'timestamptz', 'text', 'jsonb'];
const type = fc.constantFrom(...types);

test('widening ends in the same type whatever the order of the changes', () => {
  fc.assert(
    fc.property(type, type, type, (a, b, c) => {
      expect(widest(a, b)).toBe(widest(b, a));
      expect(widest(widest(a, b), c)).toBe(widest(a, widest(b, c)));
      expect(widest(a, a)).toBe(a);
    }),
  );
});

test('a widened type takes no more widening from either of its parts', () => {
  fc.assert(fc.property(type, type, (a, b) => expect(widest(widest(a, b), a)).toBe(widest(a, b))));
});
