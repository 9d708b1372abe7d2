import { PipelineError } from '@pipeline/protocol';

/** Pages in a row that may bring nothing new. A source's index may return a few empty or repeated pages; it never returns this many. */
const PAGES_WITHOUT_NEWS_MAX = 100;

/** Ids and cursors that are remembered, of each the newest: they bound the memory of a read of any size. */
const REMEMBERED_MAX = 20_000;

/** Watches the pages of one list, and ends a read that would never end. Called with each page's next cursor and the ids on it.
 *  @throws PipelineError `SOURCE_ENDLESS_PAGES` when the source names a next page that it has named before, or goes on and on
 *  with pages that hold no id which was not there before. */
export function pagesGuard(list: string): (page: { next: string | undefined; ids: Iterable<string> }) => void {
  const cursors = new Recent();
  const ids = new Recent();
  let withoutNews = 0;
  return ({ next, ids: found }) => {
    let hasNews = false;
    for (const id of found) hasNews = ids.add(id) || hasNews;
    withoutNews = hasNews ? 0 : withoutNews + 1;
    if (next === undefined) return;
    if (!cursors.add(next)) throw endless(list, 'names a next page that has been read before');
    if (withoutNews >= PAGES_WITHOUT_NEWS_MAX) {
      throw endless(list, `has named a next page ${withoutNews} times in a row without anything new on it`);
    }
  };
}

/** The newest values, in two generations: to look for the oldest of a set costs as much as all that were taken out before it. */
class Recent {
  #young = new Set<string>();
  #old = new Set<string>();

  /** Whether it is new. */
  add(value: string): boolean {
    if (this.#young.has(value) || this.#old.has(value)) return false;
    this.#young.add(value);
    if (this.#young.size >= REMEMBERED_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    return true;
  }
}

function endless(list: string, problem: string): PipelineError {
  return new PipelineError({
    code: 'SOURCE_ENDLESS_PAGES',
    recovery: 'fail',
    message: `the source ${problem} (${list}): the read ends here and goes on from its last checkpoint at the next run`,
    context: { list },
  });
}
