import {
  attemptOutcome,
  cycleStatus,
  dbtRunStatus,
  runStatus,
  type StatusTable,
  taskStatus,
} from '../../libs/control/src/status/index.ts';
import { replaceSection } from './marked-section.ts';

const MARKERS = {
  begin: '<!-- states: generated from libs/control/src/status -->',
  end: '<!-- end of states -->',
};

const TABLES: Record<string, StatusTable> = {
  cycle: cycleStatus,
  run: runStatus,
  task: taskStatus,
  "attempt's outcome": attemptOutcome,
  'dbt run': dbtRunStatus,
};

/** ARCHITECTURE.md with the statuses of every column, who sets them, and what may follow. */
export function withStatusTables(architecture: string): string {
  const tables = Object.entries(TABLES).map(([title, table]) => [
    `| ${title} | set by | when | then |`,
    '|---|---|---|---|',
    ...(table.first === undefined ? [] : [`| none | – | it is live | ${list(table.first)} |`]),
    ...Object.entries(table.entries).map(
      ([status, { setBy, when, next }]) => `| \`${status}\` | ${setBy} | ${when} | ${list(next)} |`,
    ),
  ]);
  return replaceSection(architecture, MARKERS, tables.map((lines) => lines.join('\n')).join('\n\n'));
}

const list = (statuses: readonly string[]): string =>
  statuses.length === 0 ? '–' : statuses.map((status) => `\`${status}\``).join(', ');
