import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { duration, state } from '../words.ts';

export function dbtCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const dbt = root.command('dbt').description('models and their tests');
  dbt.command('status').action(async () => {
    const page = await client.call('listBuilds', { query: { limit: 1 } });
    const [last] = page.items;
    if (last === undefined) throw new Ended(EXIT.failed, 'there was no build yet');
    const build = await client.call('getBuild', { params: { id: last.id } });
    if (context.isJson()) return output.json(build);
    output.line(
      `${state(output, build.state)}  ${build.passed} good, ${build.warned} warned, ${build.failed} failed, ${build.skipped} skipped, ${duration(build.seconds)}`,
    );
    const bad = build.nodes.filter(({ status }) => !['success', 'pass'].includes(status));
    if (bad.length > 0)
      output.table(
        ['node', 'state', 'rows', 'why'],
        bad.map((node) => [node.id, state(output, node.status), node.failures ?? '', node.message ?? '']),
      );
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
  dbt
    .command('failures <test>')
    .description('rows that a test found; audited')
    .action(async (test: string) => {
      const found = await client.call('getFailures', { params: { id: test } });
      context.showTable(
        found,
        found.columns,
        found.rows.map((row) => row.map((value) => String(value ?? ''))),
      );
    });
}
