import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { confirm, expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { age, number, state, streamName } from '../words.ts';

export function streamCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const say = (response: { message: string }) =>
    context.isJson() ? output.json(response) : output.line(response.message);
  root
    .command('streams [filter]')
    .description('every stream: how it was read, how fresh, how large')
    .action(async (filter?: string) => {
      const page = await client.call('listStreams', { query: { q: filter } });
      if (context.isJson()) return output.json(page);
      output.table(
        ['stream', 'state', 'fresh', 'rows', 'set aside', 'bookmark'],
        page.items.map((item) => [
          `${item.parent === null ? '' : '  '}${item.connection}.${item.stream}`,
          state(output, item.activity ?? item.outcome ?? 'never read'),
          `${age(item.loadedAt)}${item.isLate ? ' late' : ''}`,
          item.rows === null ? '' : number(item.rows),
          item.openRejected === 0 ? '' : number(item.openRejected),
          item.bookmark ?? '',
        ]),
      );
    });
  root
    .command('refresh <stream>')
    .description('reads a whole stream again')
    .option('--mass-deletes')
    .action(async (name: string, { massDeletes }: { massDeletes?: boolean }) => {
      await confirm(context, `${name} is read from its beginning: that costs requests of today's limit.`);
      say(
        await client.call('refreshStream', { params: streamName(name), body: { massDeletes: massDeletes ?? false } }),
      );
    });
  root
    .command('backfill <stream>')
    .description('reads again what changed since a date')
    .requiredOption('--from <date>', '2026-01-31')
    .action(async (name: string, { from }: { from: string }) => {
      await confirm(context, `${name} is read again from ${from}: that costs requests of today's limit.`);
      say(await client.call('backfillStream', { params: streamName(name), body: { from } }));
    });
  const bookmark = root.command('state').description("a stream's bookmark");
  bookmark.command('get <stream>').action(async (name: string) => {
    const { items } = await client.call('listStates', { params: streamName(name), query: { limit: 1 } });
    const current = items.find(({ isCurrent }) => isCurrent);
    if (current === undefined) throw new Ended(EXIT.failed, `${name} has no bookmark`);
    output.line(current.value);
  });
  bookmark.command('history <stream>').action(async (name: string) => {
    const page = await client.call('listStates', { params: streamName(name), query: {} });
    if (context.isJson()) return output.json(page);
    output.table(
      ['id', 'set', 'by', 'value'],
      page.items.map(({ id, appliedAt, setBy, value }) => [id, appliedAt.slice(0, 19), setBy, value.slice(0, 120)]),
    );
  });
  bookmark
    .command('set <stream> [file]')
    .description('a state from a file or standard input; --id goes back to one of former times')
    .option('--id <id>')
    .action(async (name: string, file: string | undefined, { id }: { id?: string }) => {
      const body = id === undefined ? readFileSync(file ?? 0, 'utf8') : { stateId: id };
      // Sent as it was written, so that every number stays.
      say(await client.call('setState', { params: streamName(name), body: body as never }));
    });
  bookmark
    .command('reset <stream>')
    .description('the next read is the first one again')
    .option('--expect <name>')
    .action(async (name: string, { expect }: { expect?: string }) => {
      const params = streamName(name);
      await expectTyped(
        context,
        `${name} forgets how far it was read: everything is read again.`,
        params.stream,
        expect,
      );
      say(await client.call('resetState', { params, body: { expected: params.stream } }));
    });
}
