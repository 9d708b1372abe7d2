/** What the promise gives, or undefined when it has not settled after `ms` milliseconds. Without a limit it waits for it. */
export async function within<T>(promise: Promise<T>, ms: number | undefined): Promise<T | undefined> {
  if (ms === undefined) return promise;
  let timer: NodeJS.Timeout | undefined;
  const due = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, due]);
  } finally {
    clearTimeout(timer);
  }
}
