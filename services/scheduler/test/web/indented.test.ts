import fc from 'fast-check';
import { indented } from '../../web/src/pages/quarantine/indented.ts';

describe('a record on the page', () => {
  it('is indented with every number as it was written', () => {
    expect(indented('{"id":9007199254740993,"due":18921.00,"lines":[],"name":"a \\"b\\", {c}"}')).toBe(
      '{\n  "id": 9007199254740993,\n  "due": 18921.00,\n  "lines": [],\n  "name": "a \\"b\\", {c}"\n}',
    );
  });

  it('means the same as before, whatever it holds', () => {
    fc.assert(fc.property(fc.json(), (json) => expect(JSON.parse(indented(json))).toEqual(JSON.parse(json))));
  });
});
