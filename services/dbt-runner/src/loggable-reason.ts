const REASON_CHARS_MAX = 500;

/** What PostgreSQL says about names, rights and connections quotes no data. What it says about a value quotes the value. */
const HARMLESS =
  /^(relation|column|schema|function|operator|type|table|view|role|database|permission denied|syntax error|cannot|could not|must|missing|canceling|deadlock|terminating|connection|server|SSL|FATAL)\b/i;

/** dbt's message as far as it may stand in a log: its first line, which says what failed where, and the second where it cannot
 *  quote a value of a record. */
export function loggableReason(message: string | null | undefined): string | null {
  const [first, second] = (message ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (first === undefined) return null;
  const reason = second !== undefined && HARMLESS.test(second) ? `${first}: ${second}` : first;
  return reason.slice(0, REASON_CHARS_MAX);
}
