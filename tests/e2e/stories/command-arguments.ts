import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandLine, CommandResult } from '../../support/command-line.ts';

/** What a reader of the guide has by then. */
export async function prepare(cli: CommandLine, folder: string, args: string[]): Promise<void> {
  const line = args.join(' ');
  if (line.startsWith('state set'))
    await writeFile(join(folder, 'state.json'), (await cli(['state', 'get', 'hubspot.deals'])).stdout);
  // A backfill needs a first read that is over.
  if (line.includes('backfill')) await cli(['run', 'hubspot', '--wait']);
}

/** The command with what there is in the place of the guides' examples. */
export async function filled(cli: CommandLine, args: string[]): Promise<string[]> {
  const filledArgs: string[] = [];
  const isClosing = args[0] === 'quarantine' || args[0] === 'dead';
  const group = args.includes('0123456789abcdef') ? await openGroup(cli) : undefined;
  for (const arg of args) {
    if (arg === '--wait' && args.join(' ') !== 'run xero hubspot.deals --wait') continue;
    if (/^[0-9a-f]{8}-0000-/.test(arg)) filledArgs.push(await idOf(cli, ['runs']));
    else if (/^2026-12-01T/.test(arg)) filledArgs.push(new Date(Date.now() + 3_600_000).toISOString());
    else if (arg === '0123456789abcdef') filledArgs.push(String(group?.['id']));
    else if (arg === '426') filledArgs.push(String(group?.['count']));
    else if (arg === '<test>') filledArgs.push(await testId(cli));
    else if (arg === '<node>') filledArgs.push(await nodeId(cli));
    else if (arg === '<run>') filledArgs.push((await idOf(cli, ['runs'])).slice(0, 13));
    else if (arg === '<channel>') filledArgs.push(await idOf(cli, ['alerts', 'list']));
    else if (arg === '3' && args.includes('revoke')) filledArgs.push(await tokenId(cli, 'grafana'));
    else if (arg === '<letter>' || (arg === '17' && args[0] === 'dead'))
      filledArgs.push(await idOf(cli, ['dead', 'list']));
    else if (arg === '17' && isClosing) filledArgs.push(await recordId(cli));
    else filledArgs.push(arg);
  }
  return filledArgs;
}

async function idOf(cli: CommandLine, list: string[]): Promise<string> {
  return String(items(await cli(['--json', ...list]))[0]?.['id']);
}

const Build = z.object({ nodes: z.array(z.object({ id: z.string(), kind: z.string() })) });

async function testId(cli: CommandLine): Promise<string> {
  const build = Build.parse(JSON.parse((await cli(['--json', 'dbt', 'status'])).stdout));
  return build.nodes.find(({ kind }) => kind === 'test')?.id ?? '';
}

const Graph = z.object({ nodes: z.array(z.object({ id: z.string(), kind: z.string() })) });

async function nodeId(cli: CommandLine): Promise<string> {
  const { nodes } = Graph.parse(JSON.parse((await cli(['--json', 'dbt', 'nodes'])).stdout));
  return nodes.find(({ kind }) => kind === 'model')?.id ?? '';
}

async function tokenId(cli: CommandLine, name: string): Promise<string> {
  const found = items(await cli(['--json', 'token', 'list'])).findLast((token) => token['name'] === name);
  return String(found?.['id']);
}

async function openGroup(cli: CommandLine): Promise<Record<string, unknown> | undefined> {
  return items(await cli(['--json', 'quarantine', 'list'])).find((group) => Number(group['count']) > 0);
}

async function recordId(cli: CommandLine): Promise<string> {
  return idOf(cli, ['quarantine', 'records', String((await openGroup(cli))?.['id'])]);
}

const Items = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

/** The items of a list that was printed with `--json`. */
export function items({ stdout }: CommandResult): Record<string, unknown>[] {
  const page: unknown = JSON.parse(stdout);
  return Items.parse(page).items;
}
