/** The items of an iterable, the next one asked for while the last one is worked on: a source that takes its time is not waited for twice. */
export async function* oneAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let next = started(iterator);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = started(iterator);
      yield value;
    }
  } finally {
    // Whoever stops early does not leave a request behind.
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

/** A failure belongs to whoever awaits it, not to the process. */
function started<Item>(iterator: AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}

/** Calls that run at the same time, at most. */
const CALLS_AT_ONCE = 4;

/** The results of these calls in their order, a few at a time. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  call: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += CALLS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + CALLS_AT_ONCE).map(call))));
  }
  return results;
}

/** Parts of at most this many items. */
export function partsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
