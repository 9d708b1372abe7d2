import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Logger } from '@pipeline/protocol';
import { Redaction } from '@pipeline/service/config';
import { runTarget } from '../src/run-target.ts';

export interface TargetRun {
  exitCode: number;
  /** Lines of standard output. */
  states: string[];
  log: string;
}

/** Runs target-postgres in this process. */
export async function runInProcess(
  config: Record<string, unknown>,
  input: Buffer | Readable,
  pieceBytes = 64 * 1024,
): Promise<TargetRun> {
  const folder = mkdtempSync(join(tmpdir(), 'target-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const states: string[] = [];
  const log: string[] = [];
  try {
    const exitCode = await runTarget(['--config', file], {}, () => ({
      input: Buffer.isBuffer(input) ? Readable.from(pieces(input, pieceBytes)) : input,
      writeOutput: (text) => states.push(text.trimEnd()),
      onOutputClosed: () => undefined,
      logger: collectingLogger(log),
      redaction: new Redaction(),
    }));
    return { exitCode, states, log: log.join('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* pieces(input: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < input.length; at += pieceBytes) yield input.subarray(at, at + pieceBytes);
}

function collectingLogger(lines: string[]): Logger {
  const write = (fields: object, text: string) => {
    lines.push(`${text} ${JSON.stringify(fields)}`);
  };
  return { debug: write, info: write, warn: write, error: write, child: () => collectingLogger(lines) };
}
