import type { Command } from 'commander';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { number } from '../words.ts';

interface Which {
  group?: string;
  id?: string[];
  newest?: boolean;
  expect?: string;
}

export function quarantineCommands(root: Command, context: Context): void {
  const { client } = context;
  const quarantine = root.command('quarantine').description('records that were set aside');
  quarantine.command('list [connection]').action(async (connection?: string) => {
    const page = await client.call('listRejectedGroups', { query: { connection } });
    context.showTable(
      page,
      ['group', 'stream', 'open', 'keys', 'since', 'why'],
      page.items.map((group) => [
        group.id,
        `${group.connection}.${group.stream}`,
        number(group.count),
        number(group.keys),
        group.since.slice(0, 16),
        group.cause,
      ]),
    );
  });
  quarantine
    .command('records <group>')
    .description('the newest records of a group, without values')
    .option('--limit <n>', 'rows', '50')
    .action(async (group: string, { limit }: { limit: string }) => {
      const page = await client.call('listRejected', { query: { group, limit: Number(limit), status: 'open' } });
      context.showTable(
        page,
        ['id', 'stream', 'key', 'since', 'why'],
        page.items.map((item) => [
          item.id,
          `${item.connection}.${item.stream}`,
          item.key ?? '',
          item.rejectedAt.slice(0, 16),
          item.reason.slice(0, 80),
        ]),
      );
    });
  quarantine
    .command('show <id>')
    .description('one record with its values; audited')
    .action(async (id: string) => {
      const record = await client.call('getRejected', { params: { id } });
      context.show(record, `${record.connection}.${record.stream}: ${record.reason}\n${record.record}`);
    });
  const close = (name: 'replayRejected' | 'discardRejected') => async (which: Which) => {
    const body = await choose(context, which, name === 'discardRejected');
    context.showMessage(await client.call(name, { body }));
  };
  for (const [verb, name] of [
    ['retry', 'replayRejected'],
    ['discard', 'discardRejected'],
  ] as const) {
    quarantine
      .command(verb)
      .option('--group <id>')
      .option('--id <ids...>')
      .option('--newest', 'only the newest record of each key')
      .option('--expect <count>')
      .action(close(name));
  }
}

async function choose(context: Context, { group, id, newest, expect }: Which, isFinal: boolean) {
  if (id !== undefined) return { ids: id };
  if (group === undefined)
    throw new Ended(EXIT.usage, 'name records by --id, or a group by --group: see pipeline quarantine list');
  const { items } = await context.client.call('listRejectedGroups', { query: {} });
  const found = items.find((item) => item.id === group);
  if (found === undefined) throw new Ended(EXIT.failed, `there is no open group ${group}`);
  const count = newest ? found.keys : found.count;
  if (isFinal) await expectTyped(context, `${count} records are closed without being loaded.`, String(count), expect);
  return { group, newestOnly: newest ?? false, expected: expect === undefined ? count : Number(expect) };
}
