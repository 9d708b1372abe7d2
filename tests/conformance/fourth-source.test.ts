import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** A source that the repository does not know, as its author would add it: a folder each in services, sandbox and dbt. */
const FIXTURE = join(import.meta.dirname, 'fourth-source');
const ROOT = resolve(import.meta.dirname, '../..');
const NOT_COPIED = ['.git', '.data', 'node_modules'];

let checkout: string;

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'fourth-source-'));
  const isSource = (path: string) => !/\/(node_modules|target|logs|dist)(\/|$)/.test(path.slice(ROOT.length));
  for (const path of await readdir(ROOT)) {
    if (NOT_COPIED.includes(path)) continue;
    await cp(join(ROOT, path), join(checkout, path), { recursive: true, filter: isSource });
  }
  await cp(FIXTURE, checkout, { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rm(checkout, { recursive: true }));

async function node(...args: string[]): Promise<{ output: string; code: number }> {
  const child = spawn(process.execPath, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { output: stdout + stderr, code };
}

describe('a fourth source', () => {
  it('is in compose, in .env.sample and in the demo once the files are generated', async () => {
    expect(await node('tools/generate.ts')).toMatchObject({ code: 0 });
    const generated = async (path: string) => readFile(join(checkout, path), 'utf8');
    expect(await generated('docker-compose.yml')).toMatch(/ {2}tap-notes:\n[\s\S]*NOTES_TOKEN:\n {6}NOTES_BASE_URL:/);
    expect(await generated('.env.sample')).toContain('#NOTES_TOKEN=');
    expect(await generated('docker/node/demo-sources.env')).toContain('NOTES_BASE_URL=http://sandbox:4050');
    expect(await generated('docker/rabbitmq/definitions.json')).toContain('tap-notes.commands');
    expect(await generated('docker/monitoring/prometheus.yml')).toContain('tap-notes');
    expect(await generated('docker-compose.yml')).toContain('- tap-notes-secrets:/run/pipeline/tap-notes');
    const { users, topic_permissions } = JSON.parse(await generated('docker/rabbitmq/definitions.json'));
    expect(users).toContainEqual({ name: 'tap-notes', tags: [] });
    expect(topic_permissions).toContainEqual(
      expect.objectContaining({ user: 'tap-notes', exchange: 'pipeline.singer', write: '^singer\\.notes\\.' }),
    );
  });

  it('has a pipeline that run.sh knows', async () => {
    const { output, code } = await node('services/supervisor/src/main.ts', 'pipeline_nothing_to_postgres');
    expect(code).not.toBe(0);
    expect(output).toContain('pipeline_notes_to_postgres');
  });

  it('tells the platform how its webhooks are signed', async () => {
    const { output } = await node(
      ...['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval'],
      `import { describeSource } from './libs/tap-kit/src/service/describe-source.ts';
      import { parseConfigFile } from './libs/tap-kit/src/settings/config-file.ts';
      import { tap } from './services/tap-notes/src/tap.ts';
      const file = parseConfigFile('select: [notes]', 'config.yml');
      console.log(JSON.stringify(describeSource(tap, { version: '1.0.0', file, settings: undefined }).webhooks));`,
    );
    expect(JSON.parse(output)).toMatchObject({ header: 'x-notes-signature', encoding: 'hex', signs: ['body'] });
  });

  it('is imitated by the sandbox and passes the conformance tests', async () => {
    const { output, code } = await node(
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['tests/conformance/taps.test.ts', '--selectProjects', 'conformance', '--testNamePattern', 'tap-notes'],
    );
    expect(output).toMatch(/Tests: .*4 passed/);
    expect(code).toBe(0);
  });
});
