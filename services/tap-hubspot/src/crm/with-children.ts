import type { Bookmark } from '@pipeline/singer';
import { type Extract, oneAhead } from '@pipeline/tap-kit';
import { type ChildReaders, PARENTS_AT_ONCE } from './child-readers.ts';
import type { CrmObject } from './crm-object.ts';
import { MERGED_IDS } from './object-type.ts';
import type { Page } from './pages.ts';

/** Children that are being read, and what holds when they are there. */
interface Group {
  extracts: Promise<Extract[]>;
  bookmark: Bookmark | undefined;
}

/** Pages of objects with their children, a thousand parents at a time. The children of one group are read while the next group is listed, so that
 *  a source that takes its time does not leave the allowance unused. At most one group is being read: that bounds the memory.
 *  @param ofPage what a page itself brings
 *  @param bookmarkAfter the bookmark when this page and everything before it is there */
export async function* withChildren(
  pages: AsyncIterable<Page>,
  children: ChildReaders,
  {
    ofPage,
    bookmarkAfter,
  }: { ofPage: (page: Page) => Iterable<Extract>; bookmarkAfter: (page: Page) => Bookmark | undefined },
): AsyncGenerator<Extract> {
  let parents: CrmObject[] = [];
  let group: Group | undefined;
  try {
    for await (const page of oneAhead(pages)) {
      if (page.after === undefined) children.pace.free();
      else children.pace.page();
      yield* ofPage(page);
      const hasChildren = children.active.length > 0;
      if (hasChildren) parents.push(...page.objects.map(asParent));
      if (hasChildren && page.after !== undefined && parents.length < PARENTS_AT_ONCE) continue;
      // A list that waits for children leaves them all turns; the next group begins with those of its first page.
      children.pace.free();
      yield* finished(group);
      if (page.after !== undefined) children.pace.page();
      group = begun(children, parents, bookmarkAfter(page));
      parents = [];
      if (!hasChildren) yield* finished(group);
      if (!hasChildren) group = undefined;
    }
  } catch (error) {
    children.pace.free();
    // The list failed behind them: they are still worth their checkpoint.
    yield* finished(group);
    group = undefined;
    throw error;
  } finally {
    children.pace.free();
    // Whoever stops early does not leave requests behind.
    await group?.extracts.catch(() => undefined);
  }
  yield* finished(group);
}

function begun(children: ChildReaders, parents: readonly CrmObject[], bookmark: Bookmark | undefined): Group {
  const extracts = children.read(parents);
  // A failure belongs to whoever awaits it, not to the process.
  extracts.catch(() => undefined);
  return { extracts, bookmark };
}

async function* finished(group: Group | undefined): AsyncGenerator<Extract> {
  if (group === undefined) return;
  yield* await group.extracts;
  if (group.bookmark !== undefined) yield { type: 'checkpoint', bookmark: group.bookmark };
}

/** What children need of an object: a thousand whole ones would be too much to keep. */
function asParent(object: CrmObject): CrmObject {
  return { ...object, properties: { [MERGED_IDS]: object.properties[MERGED_IDS] } };
}
