import type { Build as BuildSchema } from '@pipeline/protocol/api';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { duration, minute, state } from '../words.ts';

type Build = z.infer<typeof BuildSchema>;

export function dbtCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const dbt = root.command('dbt').description('models and their tests');
  dbt
    .command('status')
    .description('the last build; 3 when a node failed')
    .action(async () => {
      const page = await client.call('listBuilds', { query: { limit: 1 } });
      const [last] = page.items;
      if (last === undefined) throw new Ended(EXIT.failed, 'there was no build yet');
      const build = await client.call('getBuild', { params: { id: last.id } });
      if (context.isJson()) output.json(build);
      else showBuild(output, build);
      if (build.failed > 0) throw new Ended(EXIT.attention);
    });
  for (const [verb, onlyFailed] of [
    ['build', false],
    ['retry', true],
  ] as const) {
    dbt
      .command(verb)
      .description(onlyFailed ? 'builds what failed again' : 'builds everything')
      .action(async () => {
        const response = await client.call('startBuild', { body: { onlyFailed } });
        context.showMessage(response);
      });
  }
  nodeCommands(dbt, context);
}

function nodeCommands(dbt: Command, context: Context): void {
  const { client, output } = context;
  dbt
    .command('nodes')
    .description('models and tests with their states')
    .action(async () => {
      const graph = await client.call('getGraph', {});
      context.showTable(
        graph,
        ['node', 'kind', 'state', 'took'],
        graph.nodes
          .filter(({ kind }) => kind !== 'source')
          .map((node) => [node.id, node.kind, state(output, node.state), duration(node.seconds)]),
        'no dbt-runner has told of its project yet',
      );
    });
  dbt
    .command('show <node>')
    .description('one node: where it comes from, since when it fails')
    .action(async (id: string) => {
      const node = await client.call('getNode', { params: { id } });
      const lines = [
        `${node.name}  ${state(output, node.state)}  ${node.path}`,
        ...(node.description === '' ? [] : [node.description]),
        ...(node.message === null ? [] : [`it says: ${node.message}`]),
        ...(node.failingSince === null ? [] : [`fails since ${minute(node.failingSince)} UTC`]),
        ...(node.probableCause === null ? [] : [`probably because of: ${node.probableCause}`]),
        `made of ${node.parents.join(', ') || 'nothing'}`,
        `used by ${node.children.join(', ') || 'nothing'}`,
      ];
      context.show(node, lines.join('\n'));
    });
  dbt
    .command('failures <test>')
    .description('rows that a test found; audited')
    .action(async (test: string) => {
      const found = await client.call('getFailures', { params: { id: test } });
      context.showTable(
        found,
        found.columns,
        found.rows.map((row) => row.map((value) => String(value ?? ''))),
        'it finds no row now',
      );
    });
}

function showBuild(output: Terminal, build: Build): void {
  output.line(
    `${state(output, build.state)}  ${build.passed} good, ${build.warned} warned, ${build.failed} failed, ${build.skipped} skipped, ${duration(build.seconds)}`,
  );
  const bad = build.nodes.filter(({ status }) => !['success', 'pass'].includes(status));
  if (bad.length === 0) return;
  output.table(
    ['node', 'state', 'rows', 'why'],
    bad.map((node) => [node.id, state(output, node.status), node.failures ?? '', node.message ?? '']),
  );
}
