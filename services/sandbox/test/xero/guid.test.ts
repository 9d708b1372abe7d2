import { Guids } from '../../src/xero/company/guid.ts';
import { scramble, unscramble } from '../../src/xero/company/scramble.ts';

describe('scramble', () => {
  it.each([0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])('is undone by unscramble: %i', (value) => {
    expect(unscramble(scramble(value))).toBe(value);
  });
});

describe('Guids', () => {
  const guids = new Guids(0xdead_beef);

  it('gives each row and each part of it an id of its own, of version 4', () => {
    const ids = Array.from({ length: 2_000 }, (_, row) => [guids.of(row), guids.of(row, 1), guids.of(row, 2)]).flat();
    expect(new Set(ids).size).toBe(6_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('finds the row of an id, and none for the id of a part or of another kind', () => {
    expect([0, 1, 999_999].map((row) => guids.rowOf(guids.of(row)))).toEqual([0, 1, 999_999]);
    expect(guids.rowOf(guids.of(5).toUpperCase())).toBe(5);
    expect(guids.rowOf(guids.of(5, 1))).toBeUndefined();
    expect(guids.rowOf(new Guids(1).of(5))).toBeUndefined();
    expect(guids.rowOf('not an id')).toBeUndefined();
  });

  it('orders rows as their ids are ordered', () => {
    const rows = Array.from({ length: 500 }, (_, row) => row);
    const byKey = rows.toSorted((a, b) => guids.sortKey(a) - guids.sortKey(b));
    expect(byKey).toEqual(rows.toSorted((a, b) => (guids.of(a) < guids.of(b) ? -1 : 1)));
  });
});
