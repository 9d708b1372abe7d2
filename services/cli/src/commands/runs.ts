import type { LastOutcome } from '@pipeline/protocol/api';
import { pause } from '@pipeline/resilience';
import type { Command } from 'commander';
import { type Part, paged, runId, streamName } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { duration, number, second, state } from '../words.ts';

const POLL_MS = 1_000;
/** How long `--wait` waits. */
const WAIT_MS = 24 * 3_600_000;

/** A run that `--wait` has waited for. */
interface EndedRun {
  connection: string;
  outcome: LastOutcome;
}

export function runCommands(root: Command, context: Context): void {
  const { client, output, showMessage } = context;
  root
    .command('run [targets...]')
    .description('asks for a run: of everything, of pipelines (xero), of streams (xero.invoices)')
    .option('--full', 'reads every stream from its beginning')
    .option('--mass-deletes', 'believes it when most rows are missing from the source')
    .option('--wait', 'until it has ended; 1 when it failed')
    .action(async (targets: string[], options: { full?: boolean; massDeletes?: boolean; wait?: boolean }) => {
      const wish = { fullRead: options.full ?? false, massDeletes: options.massDeletes ?? false };
      if (wish.massDeletes)
        await confirm(context, 'Rows that the source does not show any more are marked as deleted, however many.');
      const since = new Date();
      const requested =
        targets.length === 0
          ? [await client.call('startCycle', { body: wish })]
          : await requestEach(context, targets, wish);
      if (!context.isJson()) for (const { message } of requested) output.line(message);
      const pipelines = requested.flatMap((response) => response.pipelines);
      const ended = options.wait ? await waitFor(context, pipelines, since) : [];
      if (context.isJson()) output.json(options.wait ? { requested, ended } : oneOrAll(requested));
      if (ended.some(({ outcome }) => outcome.state === 'failed')) throw new Ended(EXIT.failed);
    });
  root
    .command('cancel <run>')
    .description('ends a run')
    .action(async (run: string) => {
      await confirm(context, 'What is loaded stays, bookmarks stay, the rest is read with the next run.');
      showMessage(await client.call('cancelRun', { params: { id: await runId(context, run) } }));
    });
  root
    .command('retry <run>')
    .description('runs the streams again that failed in a run')
    .action(async (run: string) =>
      showMessage(await client.call('retryRun', { params: { id: await runId(context, run) } })),
    );
  paged(
    root
      .command('runs')
      .description('the newest runs')
      .option('--failed', 'only those that failed')
      .option('--pipeline <name>', 'only those of one pipeline'),
    20,
  ).action(async ({ failed, pipeline, limit, cursor }: Part & { failed?: boolean; pipeline?: string }) => {
    const page = await client.call('listRuns', {
      query: { limit, cursor, pipeline, status: failed ? 'failed' : undefined },
    });
    context.showTable(
      page,
      ['id', 'started', 'pipeline', 'state', 'rows', 'rejected', 'took', 'why'],
      page.items.map((run) => [
        run.id,
        second(run.startedAt),
        run.label,
        state(output, run.state),
        number(run.rowsLoaded),
        number(run.rejected),
        duration(run.seconds),
        run.error?.slice(0, 80) ?? '',
      ]),
      failed ? 'no run failed' : 'there was no run yet',
    );
  });
}

async function requestEach({ client }: Context, targets: string[], wish: { fullRead: boolean; massDeletes: boolean }) {
  const streams = Map.groupBy(targets, (target) => target.split(/[./]/)[0] ?? target);
  const responses: Awaited<ReturnType<typeof client.call<'runPipeline'>>>[] = [];
  for (const [name, named] of streams) {
    const isWhole = named.includes(name);
    const body = isWhole ? wish : { ...wish, streams: named.map((target) => streamName(target).stream) };
    responses.push(await client.call('runPipeline', { params: { name }, body }));
  }
  return responses;
}

/** The API's own response to one request, or all of them: `--json` prints one document. */
const oneOrAll = <T>(responses: T[]): T | T[] => (responses.length === 1 && responses[0] ? responses[0] : responses);

/** Waits until each of these pipelines has ended a run that began after `since`. Each outcome is shown as it comes, but for `--json`. */
async function waitFor(context: Context, pipelines: string[], since: Date): Promise<EndedRun[]> {
  const open = new Set(pipelines);
  const deadline = Date.now() + WAIT_MS;
  const ended: EndedRun[] = [];
  while (open.size > 0 && Date.now() < deadline) {
    const { items } = await context.client.call('listPipelines', {});
    for (const { name, connection, outcome } of items) {
      if (!open.has(name) || outcome === null || Date.parse(outcome.startedAt) < since.getTime()) continue;
      open.delete(name);
      ended.push({ connection, outcome });
      if (!context.isJson()) context.output.line(describeOutcome(context, { connection, outcome }));
    }
    if (open.size > 0) await pause(POLL_MS);
  }
  return ended;
}

function describeOutcome({ output }: Context, { connection, outcome }: EndedRun): string {
  return `${connection}  ${state(output, outcome.state)}  ${number(outcome.rows)} rows, ${number(outcome.rejected)} rejected, in ${duration(outcome.seconds)}`;
}
