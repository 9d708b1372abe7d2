import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHistory, waitFor } from '../src/index.ts';

const PROBE = join(import.meta.dirname, '../../probe/src/index.ts');
const TASK = randomUUID();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that notes `claims` claims, if it is told where. */
function write(path: string, claims: number, isOn = true) {
  const program = `
    import { history, openHistory } from ${JSON.stringify(PROBE)};
    if (${isOn}) openHistory(${JSON.stringify(path)});
    for (let epoch = 1; epoch <= ${claims}; epoch += 1) {
      history('claim', { epoch, task: ${JSON.stringify(TASK)}, token: 'secret' });
      if (epoch % 100 === 0) await new Promise(setImmediate);
    }`;
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program]);
}

describe('a history', () => {
  it('has every line of every process whole, in the order of each', async () => {
    const path = join(folder, 'shared.jsonl');
    await Promise.all([1, 2, 3].map(() => once(write(path, 1_000), 'exit')));
    const events = readHistory(path);

    expect(events).toHaveLength(3_000);
    for (const own of Map.groupBy(events, ({ process }) => process).values()) {
      expect(own.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
    }
  });

  it('of a killed process has all but what it was about to note', async () => {
    const path = join(folder, 'killed.jsonl');
    const child = write(path, 1_000_000);
    await waitFor(() => statSync(path).size > 10_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const epochs = readHistory(path).map(({ epoch }) => epoch);

    expect(epochs).toEqual(Array.from({ length: epochs.length }, (_, index) => index + 1));
  });

  it('holds the fields of an event and nothing else', async () => {
    const path = join(folder, 'fields.jsonl');
    await once(write(path, 1), 'exit');

    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      at: expect.any(String),
      process: expect.any(String),
      event: 'claim',
      epoch: 1,
      task: TASK,
    });
  });

  it('is not written unless somebody asks for it', async () => {
    const path = join(folder, 'off.jsonl');
    await once(write(path, 10, false), 'exit');

    expect(existsSync(path)).toBe(false);
  });
});
