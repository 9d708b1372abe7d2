import { formatBytes, formatDuration, formatNumber } from '@pipeline/protocol/format';
import type { Run, TaskItem } from '../../schema.ts';

/** A run as Markdown, for a ticket or a colleague: errors, figures, tasks; no value of a record. */
export function report(run: Run, tasks: TaskItem[]): string {
  const facts = [
    ['run', run.id],
    ['pipeline', run.pipeline],
    ['state', run.state],
    ['started', run.startedAt],
    ['finished', run.finishedAt ?? 'not yet'],
    ['asked for by', run.by],
    ['rows loaded', formatNumber(run.rowsLoaded)],
    ['rejected', formatNumber(run.rejected)],
    ['size', formatBytes(run.bytes)],
    ['requests', formatNumber(run.requests)],
    ['waited', formatDuration(run.waitedSeconds * 1_000)],
    ['version', run.version],
  ];
  return [
    `## ${run.label} to PostgreSQL: ${run.state}`,
    '',
    ...run.problems.flatMap(({ stream, code, what, remedy, effect }) => [
      `**${stream ?? 'run'}${code === null ? '' : ` (${code})`}**: ${what}`,
      ...(remedy === null ? [] : ['', `To do: ${remedy}`]),
      ...(effect === null ? [] : ['', `Effect: ${effect}`]),
      '',
    ]),
    '| | |',
    '|---|---|',
    ...facts.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '| task | state | rows | seconds | attempts |',
    '|---|---|---|---|---|',
    ...tasks.map(
      ({ stream, state, rowsLoaded, seconds, attempts }) =>
        `| ${stream} | ${state} | ${rowsLoaded} | ${seconds ?? ''} | ${attempts.length} |`,
    ),
  ].join('\n');
}
