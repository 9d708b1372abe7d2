import type { Command } from 'commander';
import { instant } from '../arguments.ts';
import type { Context } from '../context.ts';
import { minute } from '../words.ts';

export function pauseCommands(root: Command, context: Context): void {
  const { client } = context;
  root
    .command('pause [pipeline]')
    .description('leaves a pipeline, or all, out of the schedule')
    .option('--reason <text>', 'shown on the page and in pipeline status')
    .option('--until <instant>', 'goes on by itself then: 2026-12-01, 2026-12-01T06:00:00Z', instant)
    .action(async (pipeline: string | undefined, { reason, until }: { reason?: string; until?: string }) => {
      const body = { reason: reason ?? null, until: until ?? null };
      const response =
        pipeline === undefined
          ? await client.call('pausePipelines', { body })
          : await client.call('pausePipeline', { params: { name: pipeline }, body });
      context.show(
        response,
        `${pipeline ?? 'everything'} is paused${until === undefined ? '' : ` until ${minute(until)} UTC`}`,
      );
    });
  root
    .command('resume [pipeline]')
    .description('takes a pipeline, or all, in again')
    .action(async (pipeline?: string) => {
      const response =
        pipeline === undefined
          ? await client.call('resumePipelines', {})
          : await client.call('resumePipeline', { params: { name: pipeline } });
      context.show(response, `${pipeline ?? 'everything'} runs again by its schedule`);
    });
}
