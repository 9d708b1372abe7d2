import { faultText } from '../../../tests/fault-texts.ts';
import { pagesGuard } from '../src/index.ts';

const endless = (text: RegExp) =>
  expect.objectContaining({ code: 'SOURCE_ENDLESS_PAGES', recovery: 'fail', message: expect.stringMatching(text) });

test('a list that names each next page once passes, however long, with empty pages between', () => {
  const guard = pagesGuard('/deals');
  for (let page = 0; page < 1_000; page += 1) {
    guard({ next: String(page + 1), ids: page % 90 === 0 ? [String(page)] : [] });
  }
  guard({ next: undefined, ids: [] });
});

test('two next pages that are named in turn end the read', () => {
  const guard = pagesGuard('/deals');
  guard({ next: 'b', ids: ['1'] });
  guard({ next: 'a', ids: ['2'] });
  expect(() => guard({ next: 'b', ids: ['1'] })).toThrow(endless(faultText('pagesInTurn')));
});

test('ever new cursors to the same rows end the read, and to no rows at all', () => {
  for (const ids of [['1', '2'], []]) {
    const guard = pagesGuard('/deals');
    let pages = 0;
    expect(() => {
      for (; pages < 1_000; pages += 1) guard({ next: `cursor ${pages}`, ids });
    }).toThrow(endless(faultText('pagesWithoutNews')));
    expect(pages).toBeLessThanOrEqual(100);
  }
});

test('a last page with nothing new on it is no fault', () => {
  const guard = pagesGuard('/deals');
  for (let page = 0; page < 99; page += 1) guard({ next: String(page), ids: [] });
  expect(() => guard({ next: undefined, ids: [] })).not.toThrow();
});
