import type { Command } from 'commander';
import { instant, streamName } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { age, number, state } from '../words.ts';

export function streamCommands(root: Command, context: Context): void {
  const { client, output, showMessage } = context;
  root
    .command('streams [filter]')
    .description('every stream: how it was read, how fresh, how large')
    .action(async (filter?: string) => {
      const page = await client.call('listStreams', { query: { q: filter } });
      context.showTable(
        page,
        ['stream', 'state', 'fresh', 'rows', 'set aside', 'bookmark'],
        page.items.map((item) => [
          `${item.parent === null ? '' : '  '}${item.connection}.${item.stream}`,
          state(output, item.activity ?? item.outcome ?? 'never read'),
          `${age(item.loadedAt)}${item.isLate ? ' late' : ''}`,
          item.rows === null ? '' : number(item.rows),
          item.openRejected === 0 ? '' : number(item.openRejected),
          item.bookmark ?? '',
        ]),
        filter === undefined ? 'no stream is read yet: see pipeline connections' : `no stream matches "${filter}"`,
      );
    });
  root
    .command('refresh <stream>')
    .description('reads a whole stream again')
    .option('--mass-deletes', 'believes it when most rows are missing from the source')
    .action(async (name: string, { massDeletes }: { massDeletes?: boolean }) => {
      await confirm(context, `${name} is read from its beginning: that costs requests of today's limit.`);
      showMessage(
        await client.call('refreshStream', { params: streamName(name), body: { massDeletes: massDeletes ?? false } }),
      );
    });
  root
    .command('allow-columns <stream>')
    .description('allows the many new columns that a stream was stopped for, and asks for a run of it')
    .action(async (name: string) => {
      await confirm(context, `The table of ${name} gets all of them; columns do not go away by themselves.`);
      showMessage(await client.call('allowColumns', { params: streamName(name) }));
    });
  root
    .command('backfill <stream>')
    .description('reads again what changed since a date')
    .requiredOption('--from <date>', 'a day or an instant: 2026-01-31, 2026-01-31T08:00:00Z', instant)
    .action(async (name: string, { from }: { from: string }) => {
      await confirm(context, `${name} is read again from ${from}: that costs requests of today's limit.`);
      showMessage(await client.call('backfillStream', { params: streamName(name), body: { from } }));
    });
}
