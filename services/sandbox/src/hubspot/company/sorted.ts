/** Index of the first item that is not below the value. */
export function lowerBound(items: readonly number[], value: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insertSorted(items: number[], value: number): void {
  const index = lowerBound(items, value);
  if (items[index] !== value) items.splice(index, 0, value);
}

export function removeSorted(items: number[], value: number): void {
  const index = lowerBound(items, value);
  if (items[index] === value) items.splice(index, 1);
}
