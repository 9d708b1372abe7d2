import { randomUUID } from 'node:crypto';
import { createReadStream, fstatSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { errorMessage, type Logger, PipelineError } from '@pipeline/contracts';
import { migrateControl, nextEpoch } from '@pipeline/control';
import { createPool, type Pool } from '@pipeline/postgres';
import { createLogger, EXIT_CODES, Redaction } from '@pipeline/service';
import { type JsonObject, parseJson } from '@pipeline/singer';
import { createWarehouse } from '@pipeline/warehouse';
import { about } from './about.ts';
import { parseArguments } from './arguments.ts';
import { BatchLoader } from './batch-loader.ts';
import { databaseOptions, readTargetConfig, type TargetConfig } from './config.ts';
import { readLines } from './input-lines.ts';
import { SingerTarget } from './target.ts';

/** A pipe gives pieces of 64 KiB, a file as large as asked for. */
const FILE_PIECE_BYTES = 1024 * 1024;
/** The largest value that PostgreSQL stores is 1 GiB; a message of a quarter of it still fits memory a few times. */
const LINE_BYTES_MAX = 256 * 1024 * 1024;
const FLUSH_CHECK_MS = 1_000;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

/** What the target reads and writes. */
export interface TargetIo {
  /** Messages; destroyed when a signal ends the run early. */
  input: Readable;
  writeOutput: (text: string) => void;
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
    logger: createLogger({ name: 'target-postgres', level: 'info', output: 'stderr', redaction }),
    redaction,
  };
}

/** A file is read in large pieces; a pipe through Node's own stream, for its other end may have made it non-blocking. */
function standardInput(): Readable {
  if (fstatSync(0).isFile()) return createReadStream('', { fd: 0, highWaterMark: FILE_PIECE_BYTES });
  return process.stdin;
}

/** Runs `target-postgres` and gives its exit code: messages in, the values of committed STATEs out. */
export async function runTarget(
  argv: string[],
  environment: Record<string, string | undefined>,
  createIo: () => TargetIo = standardIo,
): Promise<number> {
  const options = parseArguments(argv);
  if ('exitCode' in options) return options.exitCode;
  const { input, writeOutput, logger, redaction } = createIo();
  if (options.about === true) {
    writeOutput(`${about(options.format)}\n`);
    return 0;
  }
  let pool: Pool | undefined;
  try {
    const { config, warnings } = readTargetConfig(readConfigFiles(options.config ?? []), environment);
    redaction.add(config.password);
    for (const warning of warnings) logger.warn({}, warning);
    pool = createPool(databaseOptions(config));
    const target = new SingerTarget({
      loader: await createLoader(pool, config),
      config,
      logger,
      emitState: (value) => writeOutput(`${JSON.stringify(value)}\n`),
      now: () => performance.now(),
    });
    const exitCode = await readInput(target, input);
    for (const [stream, counts] of target.counts) logger.info({ stream, ...counts }, 'loaded');
    return exitCode;
  } catch (error) {
    const code = error instanceof PipelineError ? { code: error.code, ...error.context } : {};
    logger.error(code, errorMessage(error));
    return exitCodeOf(error);
  } finally {
    await pool?.end();
  }
}

async function createLoader(pool: Pool, config: TargetConfig): Promise<BatchLoader> {
  await migrateControl(pool);
  const warehouse = createWarehouse({
    pool,
    naming: config.naming,
    deletes: config.hard_delete ? 'hard' : 'soft',
    contracts: config.contracts,
    keyChange: config.key_change,
  });
  const { default_target_schema: databaseSchema } = config;
  return new BatchLoader({ pool, warehouse, databaseSchema, runId: randomUUID(), epoch: await nextEpoch(pool) });
}

/** Exit code 0, or that of the signal that ended the reading early. */
async function readInput(target: SingerTarget, input: Readable): Promise<number> {
  let signalled: keyof typeof SIGNAL_EXIT_CODES | undefined;
  const onSignal = (signal: keyof typeof SIGNAL_EXIT_CODES) => {
    signalled ??= signal;
    input.destroy();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  // A failed flush stays with the target, which throws it at the next line or at the end.
  const timer = setInterval(() => void target.flushOld().catch(() => undefined), FLUSH_CHECK_MS);
  try {
    await readLines(input, LINE_BYTES_MAX, (source, start, end) => target.line(source, start, end));
    await target.end();
    return 0;
  } catch (error) {
    await target.stop({ flush: signalled === undefined });
    if (signalled === undefined) throw error;
    return SIGNAL_EXIT_CODES[signalled];
  } finally {
    clearInterval(timer);
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

function readConfigFiles(paths: string[]): JsonObject {
  const merged: JsonObject = {};
  for (const path of paths) {
    try {
      Object.assign(merged, parseJson(readFileSync(path, 'utf8')));
    } catch (cause) {
      throw new PipelineError({
        code: 'CONFIG_INVALID',
        recovery: 'fix-config',
        message: `the configuration file ${path} cannot be read as JSON`,
        cause,
      });
    }
  }
  return merged;
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof PipelineError)) return EXIT_CODES.failure;
  if (error.recovery === 'fix-config') return EXIT_CODES.configuration;
  return error.recovery === 'retry' ? EXIT_CODES.notReady : EXIT_CODES.failure;
}
