/** A JSON number with a fixed number of places, written as Xero writes it: `decimal(4600, 2)` is `46.00`.
 *  @param units whole number of the smallest unit */
export function decimal(units: number, places: number): unknown {
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  const sign = units < 0 ? '-' : '';
  return JSON.rawJSON(`${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

/** Money from cents. */
export function money(cents: number): unknown {
  return decimal(cents, 2);
}
