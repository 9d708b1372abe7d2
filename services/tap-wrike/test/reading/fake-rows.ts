import type { JsonObject } from '@pipeline/singer';
import { formatInstant, type Seconds, secondOf } from '../../src/reading/instant.ts';
import type { GetPage } from '../../src/reading/page.ts';

interface FakeRow {
  id: string;
  created: Seconds;
}

/** Rows behind an endpoint whose page tokens are offsets: the reading of the documentation that is hardest on a reader. */
export class FakeRows {
  /** Called before each page, counted from 1. */
  beforePage: (page: number) => void = () => undefined;
  tokenOnEmptyPages = false;
  /** So many pages are empty before the first that is not, and carry a token. */
  emptyFirst = 0;
  hasTokens = true;
  hasTotals = true;
  /** Rows of one page, whatever is asked for. */
  pageMax = 1_000;
  readonly #hidden = new Set<string>();
  #rows: FakeRow[];
  #pages = 0;
  #generation = 0;

  constructor(count: number, createdAt: (number: number) => Seconds) {
    const rows = Array.from({ length: count }, (_, number) => ({ id: String(number), created: createdAt(number) }));
    this.#rows = rows.sort((a, b) => a.created - b.created);
  }

  ids(): string[] {
    return this.#rows.map(({ id }) => id).filter((id) => !this.#hidden.has(id));
  }

  /** The row counts, but does not show. */
  hide(id: string): void {
    this.#hidden.add(id);
  }

  removeFirst(): void {
    this.#rows.shift();
  }

  /** Replaces every row by another. */
  renumber(): void {
    this.#generation += 1;
    this.#rows = this.#rows.map((row, number) => ({ ...row, id: `${this.#generation}-${number}` }));
  }

  readonly getPage: GetPage = async ({ createdDate, pageSize, sortOrder, nextPageToken = 0 }) => {
    this.#pages += 1;
    this.beforePage(this.#pages);
    const { start, end }: { start?: string; end: string } = JSON.parse(String(createdDate));
    const [from, to] = [start === undefined ? 0 : secondOf(start), secondOf(end)];
    const matches = this.#rows.filter(({ created }) => created >= from && created < to);
    if (sortOrder === 'Desc') matches.reverse();
    const total = this.hasTotals ? matches.length : undefined;
    if (this.#pages <= this.emptyFirst) return { rows: [], token: '0', total };
    const next = Number(nextPageToken) + Math.min(Number(pageSize), this.pageMax);
    const page = matches.slice(Number(nextPageToken), next).filter(({ id }) => !this.#hidden.has(id));
    const hasToken = this.hasTokens && (matches.length > next || (this.tokenOnEmptyPages && page.length === 0));
    return {
      rows: page.map(({ id, created }) => ({ id, createdDate: formatInstant(created) })),
      token: hasToken ? String(next) : undefined,
      total,
    };
  };
}

/** The ids of all rows, in the order in which they came. */
export async function idsOf(pages: AsyncIterable<JsonObject[]>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const rows of pages) ids.push(...rows.map((row) => row['id']));
  return ids;
}
