import type { GetPage, Page, Query } from './page.ts';

/** Pages without rows that are followed before they count as the end. */
const EMPTY_PAGES_MAX = 5;

/** A page that has rows, or the one that truly ends the query. An empty page that carries a token is a known quirk: the query is asked again,
 *  and then the token is followed.
 *  @returns `followed`: the page came by a token, so what lies before it is not known. */
export async function pageWithRows(
  getPage: GetPage,
  query: Query,
  tokenParameter: string,
): Promise<Page & { followed: boolean }> {
  let page = await getPage(query);
  if (!isQuirk(page)) return { ...page, followed: false };
  page = await getPage(query);
  if (!isQuirk(page)) return { ...page, followed: false };
  for (let count = 1; count <= EMPTY_PAGES_MAX && isQuirk(page); count += 1) {
    page = await getPage({ ...query, [tokenParameter]: page.token });
  }
  return isQuirk(page) ? { ...page, token: undefined, followed: true } : { ...page, followed: true };
}

function isQuirk({ rows, token }: Page): boolean {
  return rows.length === 0 && token !== undefined;
}
