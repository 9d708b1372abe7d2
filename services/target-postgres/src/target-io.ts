import { createReadStream, fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Logger } from '@pipeline/protocol';
import { Redaction } from '@pipeline/service/config';
import { createLogger } from '@pipeline/service/log';

/** A pipe delivers pieces of 64 KiB, a file as large as asked for. */
const FILE_PIECE_BYTES = 1024 * 1024;

/** What the target reads and writes. */
export interface TargetIo {
  /** Messages; destroyed when the run ends early. */
  input: Readable;
  writeOutput: (text: string) => void;
  /** Calls back when nobody reads the output any more. */
  onOutputClosed: (closed: () => void) => void;
  logger: Logger;
  /** Takes the password, so that no log line shows it. */
  redaction: Redaction;
}

/** Standard input and output, with the log on standard error. */
export function standardIo(): TargetIo {
  const redaction = new Redaction();
  return {
    input: standardInput(),
    writeOutput: (text) => process.stdout.write(text),
    onOutputClosed: (closed) => process.stdout.on('error', closed),
    logger: createLogger({ name: 'target-postgres', level: 'info', output: 'stderr', redaction }),
    redaction,
  };
}

/** A file is read in large pieces; a pipe through Node's own stream, for its other end may have made it non-blocking. */
function standardInput(): Readable {
  if (fstatSync(0).isFile()) return createReadStream('', { fd: 0, highWaterMark: FILE_PIECE_BYTES });
  return process.stdin;
}
