import type { Pool } from '@pipeline/postgres';
import { createPool } from '@pipeline/postgres';
import { errorMessage, PipelineError } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';
import { connect } from './database/connect.ts';
import { exitCodeOf } from './database/exit-code.ts';
import { Interruption } from './database/interruption.ts';
import { reportRun } from './database/report-run.ts';
import { readLines } from './input/input-lines.ts';
import { about } from './settings/about.ts';
import { parseArguments } from './settings/arguments.ts';
import { databaseOptions, readTargetConfig } from './settings/config.ts';
import { readConfigFiles } from './settings/config-files.ts';
import { SingerTarget } from './target.ts';
import { standardIo, type TargetIo } from './target-io.ts';

/** The largest value that PostgreSQL stores is 1 GiB; a message of a quarter of it still fits memory a few times. */
const LINE_BYTES_MAX = 256 * 1024 * 1024;
const FLUSH_CHECK_MS = 1_000;
/** What is under way when a signal comes may finish within this. */
const STOP_MS_MAX = 8_000;

/** Runs `target-postgres` and returns its exit code: messages in, the values of committed STATEs out. */
export async function runTarget(
  argv: string[],
  environment: Record<string, string | undefined>,
  createIo: () => TargetIo = standardIo,
): Promise<number> {
  const options = parseArguments(argv);
  if ('exitCode' in options) return options.exitCode;
  const io = createIo();
  if (options.about === true) {
    io.writeOutput(`${about(options.format)}\n`);
    return 0;
  }
  const interruption = new Interruption(io);
  let pool: Pool | undefined;
  try {
    const { config, warnings } = readTargetConfig(readConfigFiles(options.config ?? []), environment);
    io.redaction.add(config.password);
    for (const warning of warnings) io.logger.warn({}, warning);
    pool = createPool(databaseOptions(config));
    const now = () => performance.now();
    const wait = {
      logger: io.logger,
      now,
      signal: interruption.signal,
      waitMsMax: config.database_wait_seconds * 1_000,
    };
    const target = new SingerTarget({
      loader: await connect(pool, config, wait),
      config,
      logger: io.logger,
      emitState: (value) => io.writeOutput(`${JSON.stringify(value)}\n`),
      now,
    });
    const exitCode = await readInput(target, io, interruption);
    return reportRun(io.logger, target, exitCode);
  } catch (error) {
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    const code = error instanceof PipelineError ? { code: error.code, ...error.context } : {};
    io.logger.error(code, errorMessage(error));
    return exitCodeOf(error);
  } finally {
    interruption.close();
    if (pool !== undefined) await within(pool.end(), STOP_MS_MAX, undefined);
  }
}

/** Exit code 0, or that of what ended the reading early. */
async function readInput(target: SingerTarget, io: TargetIo, interruption: Interruption): Promise<number> {
  // A failed flush stays with the target, which throws it at the next line or at the end.
  const timer = setInterval(() => void target.flushOld().catch(() => undefined), FLUSH_CHECK_MS);
  try {
    await readLines(io.input, LINE_BYTES_MAX, (source, start, end) => target.line(source, start, end));
    interruption.signal.throwIfAborted();
    await target.end();
    return 0;
  } catch (error) {
    const { exitCode } = interruption;
    // PostgreSQL may never say anything again.
    await within(target.stop({ flush: exitCode === undefined }), STOP_MS_MAX, undefined);
    if (exitCode === undefined) throw error;
    reportRun(io.logger, target, exitCode);
    return exitCode;
  } finally {
    clearInterval(timer);
  }
}
