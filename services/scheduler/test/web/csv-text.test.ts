import type { StreamItem } from '@pipeline/protocol/api';
import fc from 'fast-check';
import { csv } from '../../web/src/pages/streams/csv-text.ts';

const BEGINS_FORMULA = ['=', '+', '-', '@', '\t', '\r'];

/** The cells of the only stream, as a spreadsheet reads them (RFC 4180). */
function cellsOf(bookmark: string): string[] {
  const stream = { connection: 'hubspot', stream: 'deals', rows: -5, bookmark };
  const [, row = ''] = csv([stream as Partial<StreamItem> as StreamItem]).split(/\r\n(.*)/s);
  return [...row.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(?:,|\r\n$)/gs)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

describe('the streams as a file', () => {
  it('hold no formula: text that begins like one is preceded by an apostrophe', () => {
    const texts = fc.tuple(fc.constantFrom(...BEGINS_FORMULA), fc.string()).map((parts) => parts.join(''));
    fc.assert(fc.property(texts, (text) => expect(cellsOf(text).at(-1)).toBe(`'${text}`)));
  });

  it('hold numbers and all other text as they are', () => {
    const texts = fc.string().filter((text) => !BEGINS_FORMULA.includes(text.charAt(0)));
    fc.assert(fc.property(texts, (text) => expect(cellsOf(text).at(-1)).toBe(text)));
    expect(cellsOf('x')[6]).toBe('-5');
  });
});
