/** Pages of several walks as they come. A walk asks for its next page while the last one is worked on, so one page of each waits in memory.
 *  @param next called whenever a place is free: the next walk to begin, or undefined as long as there is none. Ends when no walk runs and none begins. */
export async function* inLanes<Item>(
  lanesMax: number,
  next: () => AsyncGenerator<Item> | undefined,
): AsyncGenerator<Item> {
  const lanes = new Map<AsyncGenerator<Item>, Promise<Step<Item>>>();
  const advance = (walk: AsyncGenerator<Item>): void => {
    const step = walk.next().then((result) => ({ walk, result }));
    // A failure belongs to whoever awaits the lane, not to the process.
    step.catch(() => undefined);
    lanes.set(walk, step);
  };
  try {
    for (;;) {
      while (lanes.size < lanesMax) {
        const walk = next();
        if (walk === undefined) break;
        advance(walk);
      }
      if (lanes.size === 0) return;
      const { walk, result } = await Promise.race(lanes.values());
      lanes.delete(walk);
      if (result.done === true) continue;
      advance(walk);
      yield result.value;
    }
  } finally {
    await Promise.allSettled(lanes.values());
    await Promise.allSettled([...lanes.keys()].map((walk) => walk.return(undefined)));
  }
}

interface Step<Item> {
  walk: AsyncGenerator<Item>;
  result: IteratorResult<Item, unknown>;
}
