import type { Incident, PipelineSummary, Status } from '@pipeline/protocol/api';
import { pause } from '@pipeline/resilience';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { duration, minute, number, state } from '../words.ts';

const WATCH_MS = 2_000;
const BAR_CELLS = 26;

export function statusCommand(root: Command, context: Context): void {
  root
    .command('status')
    .description('the verdict, what needs you, what happens now; 3 when something needs you')
    .option('--watch', 'again every two seconds')
    .action(async ({ watch }: { watch?: boolean }) => {
      for (;;) {
        const status = await context.client.call('getStatus', {});
        if (context.isJson()) context.output.json(status);
        else show(context.output, status, watch === true);
        if (watch !== true) {
          if (['down', 'attention'].includes(status.verdict.state)) throw new Ended(EXIT.attention);
          return;
        }
        await pause(WATCH_MS);
      }
    });
}

function show(
  output: Terminal,
  { verdict, incidents, pipelines, cycle, nextCycleAt, counts }: Status,
  isWatched: boolean,
): void {
  if (isWatched) output.clear();
  const isBad = verdict.state === 'down' || verdict.state === 'attention';
  output.line(
    `${output.paint(isBad ? 'red' : 'green', isBad ? '✗' : '✓')} ${output.paint('bold', verdict.title)}  ${verdict.text}`,
  );
  for (const incident of incidents) showIncident(output, incident);
  if (cycle !== null)
    output.line(
      [
        `cycle of ${clock(cycle.startedAt)} UTC, ${cycle.state}`,
        ...(cycle.expectedEndAt === null ? [] : [`ends about ${clock(cycle.expectedEndAt)}`]),
        ...(nextCycleAt === null ? [] : [`next at ${clock(nextCycleAt)}`]),
      ].join(', '),
    );
  output.table(
    [],
    pipelines.map((pipeline) => ['', pipeline.connection, outcome(output, pipeline), activity(pipeline)]),
  );
  if (counts.failingNodes > 0) output.line(`  dbt  ${output.paint('red', '✗')} ${counts.failingNodes} nodes fail`);
}

const clock = (at: string): string => at.slice(11, 19);

function showIncident(output: Terminal, { severity, title, openedAt, remedy, action, consequences }: Incident): void {
  const icon = severity === 'fail' ? output.paint('red', '✗') : output.paint('yellow', '!');
  output.line(`  ${icon} ${title}  ${openedAt.slice(11, 16)}  ${action?.command ?? remedy}`);
  for (const consequence of consequences) output.line(`    └ probably therefore: ${consequence.title}`);
}

function outcome(output: Terminal, { outcome: last, pause }: PipelineSummary): string {
  const paused = pause === null ? '' : `${pauseText(pause)} · `;
  if (last === null) return `${paused}no run yet`;
  const rejected = last.rejected > 0 ? `, ${number(last.rejected)} rejected` : '';
  return `${paused}${state(output, last.state)}  ${number(last.rows)} rows${rejected}  ${duration(last.seconds)}`;
}

function pauseText({ by, until, reason }: NonNullable<PipelineSummary['pause']>): string {
  return `paused by ${by}${until === null ? '' : ` until ${minute(until)}`}${reason === null ? '' : `: ${reason}`}`;
}

function activity({ activity: now }: PipelineSummary): string {
  if (now === null) return '';
  const waits = now.waitingFor === null ? '' : `, waits: ${now.waitingFor}`;
  const rows = `${now.stream ?? ''} ${number(now.rows)}${now.expectedRows === null ? '' : ` of about ${number(now.expectedRows)}`} rows`;
  return `${now.state}  ${now.progress === null ? '' : `${bar(now.progress)}  `}${rows}${waits}`;
}

function bar(progress: number): string {
  const done = Math.round(progress * BAR_CELLS);
  return `${'━'.repeat(done)}${'─'.repeat(BAR_CELLS - done)} ${Math.round(progress * 100)} %`;
}
