import { errorMessage, PipelineError } from '@pipeline/contracts';
import { EXIT_CODES, Redaction } from '@pipeline/service';
import { z } from 'zod';
import { configFileVault, TOKENS_KEY } from '../auth/config-file-vault.ts';
import { discoverCatalog } from '../catalog.ts';
import { selectFromCatalog } from '../catalog-selection.ts';
import { runtimeFields } from '../config.ts';
import type { Tap } from '../declaration.ts';
import { discovered } from '../discovered.ts';
import { MemoryRateLimiter } from '../http/memory-rate-limiter.ts';
import { systemTiming } from '../http/timing.ts';
import { interrupted, isInterruption } from '../interruption.ts';
import { type Selection, selectStreams } from '../selection.ts';
import { parseSettings, secretsOf } from '../settings.ts';
import { openSource } from '../source.ts';
import { about } from './about.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { configInvalid, readJsonObject, readState, readText } from './input-files.ts';
import { SingerOutput } from './singer-output.ts';
import { type StderrLogger, stderrLogger } from './stderr-logger.ts';
import { sync } from './sync.ts';

/** As shells report an end by SIGTERM: the output is whole, but the source was not read to its end. */
const EXIT_TERMINATED = 143;

/** Runs the tap as a Singer executable: only messages on standard output, the log on standard error. Gives the exit code:
 *  0 done, 1 failed, 2 wrong arguments, 78 wrong configuration, 143 ended by a signal with its state written. */
export async function runExecutable<Settings>(tap: Tap<Settings>, version: string, argv: string[]): Promise<number> {
  const args = parseArguments(tap.source, version, argv);
  if ('exitCode' in args) return args.exitCode;
  const redaction = new Redaction();
  const logger = stderrLogger(process.stderr, redaction);
  try {
    await run(tap, version, args, { redaction, logger });
    return 0;
  } catch (error) {
    if (isInterruption(error)) {
      logger.warn({}, errorMessage(error));
      return EXIT_TERMINATED;
    }
    logger.critical(error instanceof PipelineError ? `${error.code}: ${error.message}` : errorMessage(error));
    return error instanceof PipelineError && error.recovery === 'fix-config'
      ? EXIT_CODES.configuration
      : EXIT_CODES.failure;
  }
}

async function run<Settings>(
  tap: Tap<Settings>,
  version: string,
  args: Arguments,
  { redaction, logger }: { redaction: Redaction; logger: StderrLogger },
): Promise<void> {
  const catalog = discoverCatalog(tap);
  if (args.about === true) return print(about(tap, catalog, { version, format: args.format }));
  const asksSource = args.config !== undefined && tap.streams.some((stream) => stream.discover !== undefined);
  if (args.discover === true && !asksSource) {
    logger.info({ streams: catalog.streams.length }, 'discovery of the catalog');
    return print(JSON.stringify(catalog, undefined, 2));
  }
  const configPath = requiredConfig(args);
  const { [TOKENS_KEY]: _, ...values } = readJsonObject(configPath);
  const settings = parseSettings(tap.settings, values);
  redaction.add(...secretsOf(tap.http(settings).auth));
  const runtime = z.object(runtimeFields).parse(process.env);

  const stopping = stopSignal();
  const signals = { stop: stopping.signal, abort: new AbortController().signal };
  const source = openSource(tap, settings, {
    limiter: new MemoryRateLimiter({ factor: runtime.TAP_RATE_LIMIT_FACTOR, now: systemTiming.now }),
    vault: () => configFileVault(configPath, systemTiming),
    timing: systemTiming,
    logger,
    stop: stopping.signal,
    onAnswer: ({ path, status, durationMs }) =>
      logger.metric({
        type: 'timer',
        metric: 'http_request_duration',
        value: durationMs / 1000,
        tags: { endpoint: path, http_status_code: String(status), status: status < 400 ? 'succeeded' : 'failed' },
      }),
  });
  try {
    logger.info({ version }, `tap-${tap.source} starts`);
    const http = await source.connect(signals);
    logger.info({}, 'the source accepts the credentials');
    if (args.test === true) return;
    if (args.discover === true) {
      const streams = await Promise.all(tap.streams.map((stream) => discovered(stream, { settings, http })));
      return await print(JSON.stringify(discoverCatalog({ streams }), undefined, 2));
    }
    const output = new SingerOutput(process.stdout);
    await sync(tap, readState(args.state), {
      settings,
      http,
      selection: selectionOf(args, catalog),
      output,
      logger,
      signals,
      now: systemTiming.now,
      fullReadIntervalSeconds: runtime.FULL_READ_INTERVAL_SECONDS,
    });
    await output.flush();
  } finally {
    source.close();
    stopping.forget();
  }
}

function requiredConfig(args: Arguments): string {
  if (args.config !== undefined) return args.config;
  throw configInvalid('--config is missing: name a JSON file with the settings that --about lists');
}

function selectionOf(args: Arguments, catalog: ReturnType<typeof discoverCatalog>): Selection {
  const path = args.catalog ?? args.properties;
  const known = catalog.streams.map((stream) => stream.tap_stream_id);
  return path === undefined ? selectStreams(known, undefined) : selectFromCatalog(readText(path), catalog);
}

/** A signal that fires when the process is asked to end. */
function stopSignal(): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort(interrupted());
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const forget = () => void process.off('SIGTERM', stop).off('SIGINT', stop);
  return { signal: controller.signal, forget };
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', reject).write(`${text}\n`, () => resolve());
  });
}
