import { formatBytes } from '@pipeline/protocol/format';
import type { Command } from 'commander';
import { type Part, paged, runId } from '../arguments.ts';
import type { Context } from '../context.ts';
import { duration, number, second, state } from '../words.ts';

/** One run: its tasks, its batches, and the cycles that runs belong to. */
export function runDetailCommands(root: Command, context: Context): void {
  showCommand(root, context);
  batchCommand(root, context);
  cycleCommand(root, context);
}

function showCommand(root: Command, context: Context): void {
  const { client, output } = context;
  root
    .command('show <run>')
    .description('a run with its tasks, and what went wrong')
    .action(async (run: string) => {
      const params = { id: await runId(context, run) };
      const [found, tasks] = await Promise.all([
        client.call('getRun', { params }),
        client.call('listTasks', { params }),
      ]);
      if (context.isJson()) return output.json({ ...found, tasks: tasks.items });
      output.line(
        `${found.label}  ${state(output, found.state)}  ${number(found.rowsLoaded)} rows, ${number(found.rejected)} rejected, ${number(found.deleted)} deleted, in ${duration(found.seconds)}`,
      );
      for (const { stream, what, remedy } of found.problems) {
        output.line(`${output.paint('red', '✗')} ${stream ?? found.label}: ${what}`);
        if (remedy !== null) output.line(`  → ${remedy}`);
      }
      for (const { stream, message, count } of found.notices)
        output.line(`${output.paint('yellow', '!')} ${stream}: ${message}${count > 1 ? ` (${count} times)` : ''}`);
      output.table(
        ['stream', 'state', 'rows', 'rejected', 'size', 'took', 'attempts', 'why'],
        tasks.items.map((task) => [
          ...[task.stream, state(output, task.state), number(task.rowsLoaded), number(task.rejected)],
          ...[formatBytes(task.bytes), duration(task.seconds), task.attempts.length],
          task.error?.slice(0, 80) ?? task.waitingFor ?? '',
        ]),
      );
    });
}

function batchCommand(root: Command, context: Context): void {
  const { client } = context;
  paged(
    root
      .command('batches <run>')
      .description('committed batches of a run, newest first')
      .option('--stream <name>', 'of one stream'),
  ).action(async (run: string, { stream, limit, cursor }: Part & { stream?: string }) => {
    const params = { id: await runId(context, run) };
    const page = await client.call('listBatches', { params, query: { limit, cursor, stream } });
    context.showTable(
      page,
      ['loaded', 'stream', 'epoch', 'seq', 'rows', 'rejected', 'size'],
      page.items.map((item) => [
        ...[second(item.loadedAt), item.stream, item.epoch, item.seq],
        ...[number(item.rows), number(item.rejected), formatBytes(item.bytes)],
      ]),
      'no batch of it is committed',
    );
  });
}

function cycleCommand(root: Command, context: Context): void {
  const { client, output } = context;
  paged(
    root.command('cycles').description('the newest cycles').option('--failed', 'only those that failed'),
    20,
  ).action(async ({ failed, limit, cursor }: Part & { failed?: boolean }) => {
    const query = { limit, cursor, status: failed === true ? ('failed' as const) : undefined };
    const page = await client.call('listCycles', { query });
    context.showTable(
      page,
      ['started', 'by', 'state', 'runs', 'rows', 'rejected', 'took', 'why'],
      page.items.map((cycle) => [
        ...[second(cycle.startedAt), cycle.by, state(output, cycle.state), cycle.runs.length],
        ...[number(cycle.rows), number(cycle.rejected), duration(cycle.seconds), cycle.error?.slice(0, 80) ?? ''],
      ]),
      failed === true ? 'no cycle failed' : 'there was no cycle yet',
    );
  });
}
