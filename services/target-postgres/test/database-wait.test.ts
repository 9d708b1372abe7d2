import { PipelineError } from '@pipeline/protocol';
import { withDatabase } from '../src/database/database-wait.ts';

interface Line {
  text: string;
  fields: object;
}

function waiting(waitMsMax: number, controller = new AbortController()) {
  const lines: Line[] = [];
  const write = (fields: object, text: string) => lines.push({ text, fields });
  const logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const deps = { logger, now: () => performance.now(), signal: controller.signal, waitMsMax };
  return { lines, deps, controller };
}

const trouble = (code: string) => Object.assign(new Error('could not extend file'), { code });

test('says the reason at once, and repeats until it works', async () => {
  const { lines, deps } = waiting(60_000);
  let attempts = 0;
  const result = await withDatabase(deps, 'stream s', async (attempt) => {
    attempts++;
    if (attempt === 0) throw trouble('53100');
    return 'done';
  });
  expect({ result, attempts }).toEqual({ result: 'done', attempts: 2 });
  expect(lines).toEqual([
    {
      text: 'stream s waits for PostgreSQL: its disk is full (53100)',
      fields: expect.objectContaining({ attempt: 1 }),
    },
  ]);
});

test('stops with the last reason', async () => {
  const { deps } = waiting(50);
  const given = withDatabase(deps, 'stream s', () => Promise.reject(trouble('53300')));
  await expect(given).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    recovery: 'retry',
    message: expect.stringContaining('it has too many connections (53300)'),
  });
});

test('ends at once when the run is to end', async () => {
  const { deps, controller } = waiting(600_000);
  const given = withDatabase(deps, 'stream s', async () => {
    setImmediate(() => controller.abort());
    throw trouble('57P03');
  });
  await expect(given).rejects.toBeInstanceOf(PipelineError);
});

test('does not wait for what no repetition mends', async () => {
  const { lines, deps } = waiting(600_000);
  await expect(withDatabase(deps, 'stream s', () => Promise.reject(trouble('42501')))).rejects.toThrow('extend file');
  expect(lines).toEqual([]);
});

test('says it again once a minute', async () => {
  const { lines, deps } = waiting(600_000);
  let seconds = 0;
  const clock = { ...deps, now: () => seconds * 1_000 };
  await withDatabase(clock, 'stream s', async (attempt) => {
    // 0, 35, 70: the second is within the minute.
    seconds = attempt * 35;
    if (attempt < 3) throw trouble('53100');
  });
  expect(lines.map(({ fields }) => fields)).toEqual([
    expect.objectContaining({ attempt: 1, givesUpInSeconds: 600 }),
    expect.objectContaining({ attempt: 3, givesUpInSeconds: 530 }),
  ]);
});
