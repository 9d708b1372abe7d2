const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** The pause before attempt `attempt` + 1, in milliseconds: half a second doubling to ten, of which half is left to chance so
 *  that many clients do not return at once. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return longest / 2 + (random() * longest) / 2;
}
