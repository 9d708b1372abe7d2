import type { JsonObject } from '@pipeline/singer';
import { rangeFilter, type Seconds } from './instant.ts';
import { type GetPage, PAGE_SIZE, type Page } from './page.ts';
import { readSecond } from './same-second.ts';

/** Wrike was founded in 2006: nothing is older. */
const OLDEST: Seconds = Date.UTC(2006, 0, 1) / 1000;
/** A window is made for so much of a page, because rows are not spread evenly. */
const FILL = 0.8;
const GROWTH_MAX = 8;

/** Reads rows created before `end` where the API offers no order: in windows of their creation, each so short that one answer
 *  holds all of it. An answer is a moment's truth, so nothing is skipped between pages, whatever page tokens mean. */
export async function* readInCreatedWindows(
  getPage: GetPage,
  end: Seconds,
  tokenParameter: string,
): AsyncGenerator<JsonObject[]> {
  let start = OLDEST;
  let width = end - OLDEST;
  while (start < end) {
    const stop = Math.min(start + width, end);
    const page = await getPage({ createdDate: windowFilter(start, stop), pageSize: PAGE_SIZE });
    if (page.token !== undefined && page.rows.length > 0 && width > 1) {
      width = Math.max(1, Math.floor((stop - start) * shrinkage(page)));
      continue;
    }
    if (page.token === undefined || page.rows.length === 0) yield page.rows;
    else yield* readSecond(getPage, start, { tokenParameter });
    start = stop;
    width = Math.ceil(width * growth(page));
  }
}

/** The first window is open to the past. */
function windowFilter(start: Seconds, end: Seconds): string {
  return rangeFilter({ start: start === OLDEST ? undefined : start, end });
}

function shrinkage({ total }: Page): number {
  return total === undefined ? 0.5 : Math.min(0.5, (FILL * PAGE_SIZE) / total);
}

function growth({ rows }: Page): number {
  return Math.min(GROWTH_MAX, (FILL * PAGE_SIZE) / Math.max(1, rows.length));
}
