/** For how long something has been done again and again, in milliseconds: who calls the function at least every `gapMs` is told the time since
 *  the first call, and after a longer gap it begins anew. */
export function withoutGap(gapMs: number, now: () => number = () => performance.now()): () => number {
  let since = now();
  let last = since;
  return () => {
    const current = now();
    if (current - last > gapMs) since = current;
    last = current;
    return current - since;
  };
}
