import { FAILURES, type FailureEffect, type FailureKind } from '../../libs/protocol/src/index.ts';

const EFFECTS: Record<FailureEffect, string> = {
  wait: 'it is waited out',
  'reject-record': 'the record is set aside, the others are loaded',
  'fail-stream': 'the stream fails, the others go on',
  'new-attempt': 'the attempt ends; the task gets another one, up to three',
  'dead-letter': 'the message is kept as a dead letter',
  defect:
    'counted in service_defects_total; tried three times, then a dead letter; in a loop or a lease, after ten times in a row the process ends with code 1',
};

/** docs/reference/failures.md: the table that the services go by. */
export function failuresPage(): string {
  const rows = Object.entries(FAILURES).map(
    ([name, kind]: [string, FailureKind]) =>
      `| \`${name}\` | ${kind.known} | ${happens(kind)} | ${kind.says} | ${kind.remedy} |`,
  );
  return [
    '# Failures',
    '',
    'What each kind of failure is known by, what happens then, and what you read and can do. Loader, taps, scheduler and dbt-runner go by this table',
    '(`libs/protocol/src/failure.ts`; this page is generated from it). A wait of more than 20 seconds is an alert of kind `waiting`, which goes away',
    'with its cause; some of the texts stand word for word in [what you read](fault-texts.md). Texts never hold a secret or a value of a record: of an error about a value only SQLSTATE, table and column are told.',
    '',
    '| kind | known by | what happens | you read | you can |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function happens({ effect, waitMs, after }: FailureKind): string {
  const bound = waitMs === undefined ? '' : `, at most ${waitMs / 60_000} minutes at a time`;
  return `${EFFECTS[effect]}${bound}${after === undefined ? '' : `; then ${after}`}`;
}
