import fc from 'fast-check';
import { identifierFor, type NamingStrategy } from '../src/table/identifier.ts';

const strategies: NamingStrategy[] = ['snake_case', 'lower', 'verbatim'];
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 90 }),
  fc.string({ unit: fc.constantFrom('a', 'A', '_', '1', 'é', '😀', '.'), maxLength: 90 }),
);

function allocate(names: string[], strategy: NamingStrategy): Map<string, string> {
  const allocated = new Map<string, string>();
  for (const name of names) allocated.set(name, identifierFor(name, strategy, new Set(allocated.values())));
  return allocated;
}

test.each(strategies)('%s gives every name an identifier of its own, of 1 to 63 bytes without NUL', (strategy) => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 40 }), (names) => {
      const identifiers = [...allocate(names, strategy).values()];
      expect(new Set(identifiers).size).toBe(names.length);
      for (const identifier of identifiers) {
        expect(Buffer.byteLength(identifier)).toBeGreaterThan(0);
        expect(Buffer.byteLength(identifier)).toBeLessThanOrEqual(63);
        expect(identifier).not.toContain('\0');
        expect(identifier.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('the identifier of a name does not depend on names that are spelled otherwise', () => {
  expect(identifierFor('x'.repeat(80), 'snake_case', new Set(['other']))).toBe(
    identifierFor('x'.repeat(80), 'snake_case', new Set()),
  );
});

test('a name that is the hashed form of another one gets yet another identifier', () => {
  const long = 'y'.repeat(80);
  const hashed = identifierFor(long, 'snake_case', new Set());
  expect(identifierFor(long, 'snake_case', new Set([hashed]))).not.toBe(hashed);
});
