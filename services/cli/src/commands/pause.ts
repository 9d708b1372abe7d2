import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function pauseCommands(root: Command, context: Context): void {
  const { client } = context;
  root
    .command('pause [pipeline]')
    .description('leaves a pipeline, or all, out of the schedule')
    .option('--reason <text>')
    .option('--until <instant>', 'ISO 8601: 2026-12-01T06:00:00Z')
    .action(async (pipeline: string | undefined, { reason, until }: { reason?: string; until?: string }) => {
      const body = { reason: reason ?? null, until: until === undefined ? null : new Date(until).toISOString() };
      const response =
        pipeline === undefined
          ? await client.call('pausePipelines', { body })
          : await client.call('pausePipeline', { params: { name: pipeline }, body });
      context.show(response, `${pipeline ?? 'everything'} is paused`);
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
