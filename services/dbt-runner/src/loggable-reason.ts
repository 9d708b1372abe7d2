const REASON_CHARS_MAX = 500;

/** What PostgreSQL says about names, rights and connections quotes no data. What it says about a value quotes the value. */
const HARMLESS =
  /^(relation|column|schema|function|operator|type|table|view|role|database|permission denied|syntax error|cannot|could not|must|missing|canceling|deadlock|terminating|connection|server|SSL|FATAL)\b/i;

/** dbt did not get as far as a statement: what it says is about the project's files, with place and text. */
const ABOUT_THE_PROJECT = /\b(Compilation|Parsing|Project|Dependency|Validation|Selector|Profile) Error\b/i;

/** dbt's message as far as it may stand in a log: of an error in the project's files everything, in one line; else its first line, which says what
 *  failed where, and the second where it cannot quote a value of a record. */
export function loggableReason(message: string | null | undefined): string | null {
  const lines = (message ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first, second] = lines;
  if (first === undefined) return null;
  if (ABOUT_THE_PROJECT.test(first))
    return [first, lines.slice(1).join(', ')].filter(Boolean).join(': ').slice(0, REASON_CHARS_MAX);
  const reason = second !== undefined && HARMLESS.test(second) ? `${first}: ${second}` : first;
  return reason.slice(0, REASON_CHARS_MAX);
}
