import { formatBytes } from '@pipeline/protocol/format';
import type { Command } from 'commander';
import { type Part, paged, streamName } from '../arguments.ts';
import type { Context } from '../context.ts';
import { age, duration, minute, number, second, state } from '../words.ts';

/** One stream and its table. */
export function streamDetailCommands(root: Command, context: Context): void {
  const stream = root.command('stream').description('one stream and its table');
  showCommand(stream, context);
  tableCommands(stream, context);
  rowCommands(stream, context);
}

function showCommand(stream: Command, context: Context): void {
  const { client, output } = context;
  stream
    .command('show <stream>')
    .description('freshness, size, last reads, what depends on it')
    .action(async (name: string) => {
      const found = await client.call('getStream', { params: streamName(name) });
      if (context.isJson()) return output.json(found);
      const rows =
        found.rows === null ? 'no rows yet' : `${found.isRowsExact ? '' : 'about '}${number(found.rows)} rows`;
      output.line(
        `${state(output, found.activity ?? found.outcome ?? 'never read')}  ${age(found.loadedAt)} old${found.isLate ? ', late' : ''}`,
      );
      output.line(`table     ${found.table ?? 'none yet'}, ${rows}, ${formatBytes(found.bytes)}`);
      output.line(`key       ${found.keyColumns.join(', ') || 'none'}`);
      output.line(`bookmark  ${found.bookmark ?? 'none'}`);
      if (found.feeds.length > 0) output.line(`feeds     ${found.feeds.map(({ name: model }) => model).join(', ')}`);
      if (found.error !== null) output.line(`error     ${found.error}`);
      if (found.reads.length === 0) return;
      output.table(
        ['read at', 'state', 'rows', 'rejected', 'deleted', 'took'],
        found.reads.map((read) => [
          ...[second(read.startedAt), state(output, read.state), number(read.rows), number(read.rejected)],
          ...[number(read.deleted), duration(read.seconds)],
        ]),
      );
    });
}

function tableCommands(stream: Command, context: Context): void {
  const { client } = context;
  stream
    .command('columns <stream>')
    .description('columns of its table')
    .action(async (name: string) => {
      const page = await client.call('listColumns', { params: streamName(name) });
      context.showTable(
        page,
        ['column', 'type', 'in the source', 'since'],
        page.items.map((item) => [
          `${item.name}${item.isKey ? ' (key)' : ''}`,
          ...[item.type, item.property ?? '', item.since === null ? '' : minute(item.since)],
        ]),
        `${name} has no table yet`,
      );
    });
  paged(stream.command('changes <stream>').description('changes of its table, newest first')).action(
    async (name: string, { limit, cursor }: Part) => {
      const page = await client.call('listChanges', { params: streamName(name), query: { limit, cursor } });
      context.showTable(
        page,
        ['at', 'change', 'column', 'from', 'to'],
        page.items.map((item) => [
          ...[minute(item.at), item.change, item.column ?? '', item.fromType ?? '', item.toType ?? ''],
        ]),
        `the table of ${name} has never changed`,
      );
    },
  );
}

function rowCommands(stream: Command, context: Context): void {
  const { client } = context;
  stream
    .command('days <stream>')
    .description('rows a day')
    .action(async (name: string) => {
      const page = await client.call('listDays', { params: streamName(name), query: {} });
      context.showTable(
        page,
        ['day', 'rows', 'rejected', 'deleted', 'size', 'reads'],
        page.items.map((item) => [
          ...[item.day, number(item.rows), number(item.rejected), number(item.deleted)],
          ...[formatBytes(item.bytes), item.reads],
        ]),
        `${name} was never read`,
      );
    });
  stream
    .command('preview <stream>')
    .description('its newest rows; audited')
    .action(async (name: string) => {
      const found = await client.call('getPreview', { params: streamName(name) });
      const rows = found.rows.map((row) => row.map((value) => value ?? ''));
      context.showTable(found, found.columns, rows, `the table of ${name} is empty`);
    });
}
