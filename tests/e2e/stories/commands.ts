import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBroker } from '@pipeline/broker';
import { batchRoutingKey, SINGER_EXCHANGE } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import { z } from 'zod';
import { program } from '../../../services/cli/src/program.ts';
import { terminal } from '../../../services/cli/src/terminal.ts';
import { logger } from '../../../services/scheduler/test/support/api-server.ts';
import { type CommandLine, type CommandResult, commandLine, wordsOf } from '../../support/command-line.ts';
import { guideCommands } from '../../support/guide-commands.ts';
import type { Platform } from '../../support/platform.ts';

const Items = z.object({ items: z.array(z.record(z.string(), z.unknown())) });
/** Of the whole story: about ninety commands and two cycles on a busy machine. */
const STORY_MS = 420_000;
const SOON_MS = 60_000;
const DONE = [0];
/** What a command of a guide may end with besides: that depends on what runs just then, and the guide says so. */
const OUTCOMES: [start: string, codes: (number | null)[]][] = [
  ['status', [0, 3, 130]],
  ['doctor', [0, 3]],
  ['logs -f', [0, 130]],
  // The run is over, or nothing failed in it.
  ['--yes cancel', [0, 6]],
  ['retry', [0, 6]],
  // Its attempt is over; the scheduler still leads.
  ['dead replay', [0, 6]],
  ['dead skip', [0, 6]],
  // It was not stopped because of new columns.
  ['--yes allow-columns', [0, 6]],
  // Nothing failed.
  ['dbt retry', [0, 6]],
  ['dbt failures', [0, 2, 6]],
  ['restore', [1]],
  // A variable may set it.
  ['settings set', [0, 6]],
  ['settings unset', [0, 6]],
  // Nobody listens there.
  ['alerts test', [1]],
  // There is none of that name, and no browser is logged in.
  ['connection remove', [2]],
  ['session end', [2]],
];

/** Commands that no guide shows. `<…>` stands for what is there. */
const OTHERS = `streams deals
connections
settings
audit --limit 3
open runs
dbt build
dbt retry
dbt status
dbt failures <test>
dbt nodes
dbt show <node>
pause
resume
schedule
schedule set wrike --cron "0 6 * * 1-5" --zone Europe/Berlin --retries 2 --at-most tasks=3600
schedule set wrike --default --pause-after never
settings set PIPELINE_INTERVAL_SECONDS 86400
settings unset PIPELINE_INTERVAL_SECONDS
alerts add team https://127.0.0.1:9/nobody --kind webhook --only failed_stream
alerts list
alerts set <channel> --off
alerts test <channel>
alerts remove <channel> --yes
incidents --open
cycles --limit 2
show <run>
batches <run> --limit 5
stream show hubspot.deals
stream columns hubspot.deals
stream changes hubspot.deals
stream days hubspot.deals
stream preview hubspot.deals
connection show hubspot
connection remove nothing --expect nothing
sources
whoami
session list
session end 0123456789abcdef
token create temporary
token list
runs --limit 2
logs --level info
dead show <letter>
dead skip <letter> --expect <letter>
dead discard <letter> --expect <letter>
completion bash
__complete state get`;

/** Each command of the command line, first as the guides have it, on a platform that has run. */
export function tellCommands(platformOf: () => Platform): void {
  describe('the command line', () => {
    let folder: string;
    let cli: CommandLine;
    const run = new Set<string>();
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pipeline-commands-'));
      cli = commandLine(platformOf(), folder);
      await setAside(platformOf(), cli);
    }, SOON_MS * 2);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** None: it ended as it should. */
    const problemOf = async (at: string, args: string[]) => {
      const line = args.join(' ');
      run.add(args.filter((word) => !word.startsWith('-')).join(' '));
      await prepare(cli, folder, args);
      const result = await cli(await filled(cli, args));
      const codes = OUTCOMES.find(([start]) => line.startsWith(start))?.[1] ?? DONE;
      return codes.includes(result.code) ? [] : [`${at}: pipeline ${line} ends with ${describeResult(result)}`];
    };

    it(
      'does what the guides say, line by line',
      async () => {
        const commands = guideCommands();
        expect(commands.length).toBeGreaterThan(30);
        const problems: string[] = [];
        for (const { at, args } of commands) problems.push(...(await problemOf(at, args)));
        expect(problems).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'has further commands, and every one was run by now',
      async () => {
        const problems: string[] = [];
        for (const line of OTHERS.split('\n')) problems.push(...(await problemOf('this test', wordsOf(line))));
        expect(problems).toEqual([]);
        const missing = names().filter((name) => ![...run].some((line) => `${line} `.startsWith(`${name} `)));
        expect(missing).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'prints the response of the API as JSON with --json',
      async () => {
        const lines = ['status', 'runs', 'streams', 'connections', 'settings', 'audit', 'token list', 'dead list'];
        lines.push('quarantine list', 'dbt status', 'doctor', 'state get hubspot.deals', 'state history hubspot.deals');
        lines.push('schedule', 'alerts list', 'incidents', 'cycles', 'sources', 'whoami', 'session list', 'dbt nodes');
        lines.push('stream show hubspot.deals', 'stream columns hubspot.deals', 'connection show hubspot');
        lines.push(
          'pause wrike',
          'resume wrike',
          'export',
          'export connections.yml',
          'apply connections.yml',
          'check hubspot',
          'open',
        );
        for (const line of lines) {
          const { stdout } = await cli(['--json', ...wordsOf(line)]);
          expect([line, stdout]).toEqual([line, expect.stringMatching(/^[{[]/)]);
          expect(typeof JSON.parse(stdout)).toBe('object');
        }
      },
      STORY_MS,
    );
  });
}

/** The names of all commands: `state get`. */
function names(): string[] {
  return program(terminal()).commands.flatMap((command) => {
    const own = command.commands.map((inner) => `${command.name()} ${inner.name()}`);
    return own.length === 0 ? [command.name()] : own;
  });
}

/** Records that did not fit, for two reasons: one of them is superseded by the other's. And four messages that are no batches. */
async function setAside(platform: Platform, cli: CommandLine): Promise<void> {
  const records = ['a', 'a', 'b', 'a'].map((id) => JSON.stringify({ type: 'RECORD', stream: 'deals', record: { id } }));
  await platform.database.pool.query(
    `insert into pipeline.rejected_records (pipeline, stream, reason, record)
     select 'pipeline_hubspot_to_postgres', 'deals', reason, record
     from unnest(array['too long', 'too long', 'too long', 'no number'], $1::text[]) r(reason, record)`,
    [records],
  );
  const broker = await connectBroker({ url: platform.brokerUrl, name: 'test', logger });
  const routingKey = batchRoutingKey('hubspot', 'deals');
  for (const messageId of ['a', 'b', 'c', 'd'])
    await broker.publisher().publish({
      ...{ exchange: SINGER_EXCHANGE, routingKey, messageId, type: 'batch', contentType: 'text/plain' },
      body: Buffer.from('no batch'),
    });
  await broker.close();
  const letters = async () => items(await cli(['--json', 'dead', 'list'])).length >= 3;
  await waitFor(letters, { timeoutMs: SOON_MS, intervalMs: 500, what: 'the dead letters' });
}

/** What a reader of the guide has by then. */
async function prepare(cli: CommandLine, folder: string, args: string[]): Promise<void> {
  const line = args.join(' ');
  if (line.startsWith('state set'))
    await writeFile(join(folder, 'state.json'), (await cli(['state', 'get', 'hubspot.deals'])).stdout);
  // A backfill needs a first read that is over.
  if (line.includes('backfill')) await cli(['run', 'hubspot', '--wait']);
}

/** The command with what there is in the place of the guides' examples. */
async function filled(cli: CommandLine, args: string[]): Promise<string[]> {
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

function items({ stdout }: CommandResult): Record<string, unknown>[] {
  const page: unknown = JSON.parse(stdout);
  return Items.parse(page).items;
}

function describeResult({ code, stdout, stderr }: CommandResult): string {
  return `${code}: ${(stderr || stdout).slice(-500)}`;
}
