import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBroker } from '@pipeline/broker';
import { batchRoutingKey, SINGER_EXCHANGE } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import { program } from '../../../services/cli/src/program.ts';
import { terminal } from '../../../services/cli/src/terminal.ts';
import { logger } from '../../../services/scheduler/test/support/api-server.ts';
import { type CommandLine, type CommandResult, commandLine, wordsOf } from '../../support/command-line.ts';
import { guideCommands } from '../../support/guide-commands.ts';
import type { Platform } from '../../support/platform.ts';
import { filled, items, prepare } from './command-arguments.ts';
import { expectedCodes, OTHERS, WITH_JSON } from './command-lines.ts';

/** Of the whole story: about ninety commands and two cycles on a busy machine. */
const STORY_MS = 420_000;
const SOON_MS = 60_000;

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
      return expectedCodes(line).includes(result.code)
        ? []
        : [`${at}: pipeline ${line} ends with ${describeResult(result)}`];
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
        for (const line of WITH_JSON.split('\n')) {
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

function describeResult({ code, stdout, stderr }: CommandResult): string {
  return `${code}: ${(stderr || stdout).slice(-500)}`;
}
