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

/** The results of these calls in their order. A call begins as soon as one of those that run is done; after a failure none does. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  call: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [index, item] of queue) {
      if (hasFailed) return;
      results[index] = await call(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  // All of them end before a failure is thrown: no request is left behind.
  const ends = await Promise.allSettled(Array.from({ length: CALLS_AT_ONCE }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}

/** Parts of at most this many items. */
export function partsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
