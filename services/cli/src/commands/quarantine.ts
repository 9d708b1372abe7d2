import type { RejectedGroup } from '@pipeline/protocol/api';
import { formatCount } from '@pipeline/protocol/format';
import type { Command } from 'commander';
import { type Part, paged, wholeNumber } from '../arguments.ts';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { minute, number } from '../words.ts';

const COUNT_MAX = 1_000_000_000;

interface Which {
  group?: string;
  id?: string[];
  newest?: boolean;
  expect?: number;
}

export function quarantineCommands(root: Command, context: Context): void {
  const { client } = context;
  const quarantine = root.command('quarantine').description('records that were set aside');
  paged(
    quarantine.command('list [connection]').description('open ones, by stream, reason, column and constraint'),
  ).action(async (connection: string | undefined, { limit, cursor }: Part) => {
    const page = await client.call('listRejectedGroups', { query: { connection, limit, cursor } });
    context.showTable(
      page,
      ['group', 'stream', 'open', 'keys', 'since', 'why'],
      page.items.map((group) => [
        group.id,
        `${group.connection}.${group.stream}`,
        number(group.count),
        number(group.keys),
        minute(group.since),
        group.cause,
      ]),
      'nothing is set aside',
    );
  });
  paged(quarantine.command('records <group>').description('the newest records of a group, without values')).action(
    async (group: string, { limit, cursor }: Part) => {
      const page = await client.call('listRejected', { query: { group, limit, cursor, status: 'open' } });
      context.showTable(
        page,
        ['id', 'stream', 'key', 'since', 'why'],
        page.items.map((item) => [
          item.id,
          `${item.connection}.${item.stream}`,
          item.key ?? '',
          minute(item.rejectedAt),
          item.reason.slice(0, 80),
        ]),
        `no record of group ${group} is open`,
      );
    },
  );
  quarantine
    .command('show <id>')
    .description('one record with its values; audited')
    .action(async (id: string) => {
      const record = await client.call('getRejected', { params: { id } });
      context.show(record, `${record.connection}.${record.stream}: ${record.reason}\n${record.record}`);
    });
  closeCommands(quarantine, context);
}

function closeCommands(quarantine: Command, context: Context): void {
  const { client } = context;
  const close = (name: 'replayRejected' | 'discardRejected') => async (which: Which) => {
    const body = await choose(context, which, name === 'discardRejected');
    const closed = await client.call(name, { body });
    context.showMessage(closed);
    if (closed.notOpen.length > 0)
      throw new Ended(EXIT.notNow, `not open: ${closed.notOpen.join(', ')}. See pipeline quarantine list`);
  };
  for (const [verb, name, description] of [
    ['retry', 'replayRejected', 'loads them now'],
    ['discard', 'discardRejected', 'closes them without loading them'],
  ] as const) {
    quarantine
      .command(verb)
      .description(description)
      .option('--group <id>', 'all of a group')
      .option('--id <ids...>', 'these records')
      .option('--newest', 'only the newest record of each key')
      .option(
        '--expect <count>',
        'how many there are: refused when it is another number by now',
        wholeNumber(0, COUNT_MAX),
      )
      .action(close(name));
  }
}

async function choose(context: Context, { group, id, newest, expect }: Which, isFinal: boolean) {
  if (id !== undefined) {
    if (isFinal) await closeForGood(context, id.length, expect);
    return { ids: id, expected: id.length };
  }
  if (group === undefined)
    throw new Ended(EXIT.usage, 'name records by --id, or a group by --group: see pipeline quarantine list');
  const found = await findGroup(context, group);
  if (found === undefined) throw new Ended(EXIT.usage, `there is no open group ${group}: see pipeline quarantine list`);
  const count = newest ? found.keys : found.count;
  if (isFinal) await closeForGood(context, count, expect);
  return { group, newestOnly: newest ?? false, expected: expect ?? count };
}

/** Looks through all of the list. */
async function findGroup({ client }: Context, id: string): Promise<RejectedGroup | undefined> {
  let cursor: string | undefined;
  do {
    const page = await client.call('listRejectedGroups', { query: { limit: 500, cursor } });
    const found = page.items.find((group) => group.id === id);
    if (found !== undefined) return found;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return undefined;
}

async function closeForGood(context: Context, count: number, expect: number | undefined): Promise<void> {
  const effect = `${formatCount(count, 'record')} would be closed without being loaded. That cannot be taken back.`;
  await expectTyped(context, effect, String(count), expect === undefined ? undefined : String(expect));
}
