/** A test that is true the first time and then at most once in `periodMs` milliseconds. */
export function oncePer(periodMs: number): () => boolean {
  let dueAt = 0;
  return () => {
    if (performance.now() < dueAt) return false;
    dueAt = performance.now() + periodMs;
    return true;
  };
}
