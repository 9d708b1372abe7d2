/** Keeps what `load` returns for `ttlMs` milliseconds. Who asks while it is being loaded waits for the same load; one that fails is not kept. */
export function kept<T>(ttlMs: number, load: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (current !== undefined && performance.now() - loadedAt < ttlMs) return current;
    loadedAt = Number.POSITIVE_INFINITY;
    const loading = load();
    current = loading;
    loading.then(
      () => {
        loadedAt = performance.now();
      },
      () => {
        if (current === loading) current = undefined;
      },
    );
    return loading;
  };
}
