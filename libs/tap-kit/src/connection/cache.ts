import type { ReadContext } from '../declaration.ts';

/** Values that several streams of a connection need, kept for a while. See {@link ReadContext.cached}. */
export function createCache(now: () => number): ReadContext<unknown>['cached'] {
  const entries = new Map<string, { value: Promise<unknown>; until: number }>();
  return <T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> => {
    const known = entries.get(key);
    // A key names values of one type: whoever loads it decides which.
    if (known !== undefined && now() < known.until) return known.value as Promise<T>;
    const value = load();
    // While it is being loaded, everybody waits for the same load; its age counts from the end.
    const entry = { value, until: Number.POSITIVE_INFINITY };
    entries.set(key, entry);
    const forget = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    value.then(() => {
      entry.until = now() + ttlMs;
    }, forget);
    return value;
  };
}
