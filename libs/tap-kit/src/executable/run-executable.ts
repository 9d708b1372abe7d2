import { errorMessage, PipelineError } from '@pipeline/protocol';
import { EXIT_CODES, Redaction } from '@pipeline/service/config';
import { z } from 'zod';
import { configFileTokenStore, TOKENS_KEY } from '../auth/config-file-token-store.ts';
import { AccountCatalog } from '../catalog/account-catalog.ts';
import { discoverCatalog } from '../catalog/catalog.ts';
import { selectFromCatalog } from '../catalog/catalog-selection.ts';
import { discovered } from '../catalog/discovered.ts';
import { type Selection, selectStreams } from '../catalog/selection.ts';
import { runtimeFields } from '../config.ts';
import { openSource, type Session, type Signals, type Source } from '../connection/source.ts';
import type { Stream, Tap } from '../declaration.ts';
import { endsEarly } from '../http/failure.ts';
import { MemoryRateLimiter } from '../http/memory-rate-limiter.ts';
import { systemTiming } from '../http/timing.ts';
import { interrupted, isInterruption } from '../read/interruption.ts';
import { parseSettings, secretsOf } from '../settings/settings.ts';
import { about } from './about.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { type ConnectOptions, connectByConsent } from './connect.ts';
import { endpointLabel } from './endpoint-label.ts';
import { configInvalid, readJsonObject, readState, readText } from './input-files.ts';
import { SingerOutput } from './singer-output.ts';
import { type StderrLogger, stderrLogger } from './stderr-logger.ts';
import { sync, syncNothing } from './sync.ts';
import type { SyncSummary } from './sync-summary.ts';
import { tellUnknown } from './unknown-streams.ts';

/** As shells report an end by SIGTERM: the output is whole, but the source was not read to its end. */
const EXIT_TERMINATED = 143;

/** Runs the tap as a Singer executable: only messages on standard output, the log on standard error. Returns the exit code:
 *  0 all streams read to their end; 1 a stream or the whole run failed; 2 wrong arguments; 3 nothing failed, but a stream is incomplete
 *  (a daily limit, a missing scope) or has rejected records; 78 wrong configuration; 143 ended by a signal. The state of what was
 *  read is written in every case but 2 and 78. */
export async function runExecutable<Settings>(tap: Tap<Settings>, version: string, argv: string[]): Promise<number> {
  const args = parseArguments(tap.source, version, argv);
  if ('exitCode' in args) return args.exitCode;
  const redaction = new Redaction();
  const logger = stderrLogger(process.stderr, redaction);
  try {
    return await run(tap, version, args, { redaction, logger });
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
): Promise<number> {
  const declared = discoverCatalog(tap);
  if (args.about === true) return print(about(tap, declared, { version, format: args.format }));
  if (args.discover === true && args.config === undefined) {
    logger.info({ streams: declared.streams.length }, 'discovery of the catalog');
    return print(JSON.stringify(declared, undefined, 2));
  }
  const configPath = requiredConfig(args);
  if (args.connect === true) {
    await connectInTerminal(tap, { configPath, port: Number(args.port), logger });
    return 0;
  }
  const { [TOKENS_KEY]: _, ...values } = readJsonObject(configPath);
  const settings = parseSettings(tap.settings, values);
  redaction.add(...secretsOf(tap.http(settings).auth));
  const runtime = z.object(runtimeFields).parse(process.env);

  const stopping = stopSignal();
  const signals = { stop: stopping.signal, abort: new AbortController().signal };
  const source = processSource(tap, settings, {
    factor: runtime.TAP_RATE_LIMIT_FACTOR,
    configPath,
    logger,
    ...signals,
  });
  const output = new SingerOutput(process.stdout);
  const ended = async (summary: SyncSummary) => {
    await output.flush();
    summary.write(logger);
    return summary.exitCode;
  };
  try {
    logger.info({ version }, `tap-${tap.source} starts`);
    const session = await connected(source, signals, { isReading: args.test !== true && args.discover !== true });
    if (session instanceof PipelineError) {
      const selection = selectionOf(args, tap, tap.streams);
      const nothing = await syncNothing(tap.streams, readState(args.state), session, { output, logger, selection });
      return await ended(tellUnknown(nothing, selection, { streams: tap.streams, failure: session }));
    }
    const { account } = session;
    logger.info(account === undefined ? {} : { account: account.name }, 'the source accepts the credentials');
    if (args.test === true) return 0;
    const catalog = await accountCatalog(tap, session, { logger, runtime });
    const { streams } = catalog;
    if (args.discover === true) return await print(await discoverAccount(tap, streams, session));
    const selection = selectionOf(args, tap, streams);
    const summary = await sync(streams, readState(args.state), {
      session,
      selection,
      output,
      logger,
      signals,
      now: systemTiming.now,
      fullReadIntervalSeconds: runtime.FULL_READ_INTERVAL_SECONDS,
    });
    return await ended(tellUnknown(summary, selection, catalog));
  } finally {
    source.close();
    stopping.forget();
  }
}

/** The account with limits and tokens of this process alone. */
function processSource<Settings>(
  tap: Tap<Settings>,
  settings: Settings,
  { factor, configPath, logger, stop }: { factor: number; configPath: string; logger: StderrLogger; stop: AbortSignal },
): Source<Settings> {
  return openSource(tap, settings, {
    limiter: new MemoryRateLimiter({ factor, now: systemTiming.now }),
    tokenStore: () => configFileTokenStore(configPath, systemTiming),
    timing: systemTiming,
    logger,
    stop,
    onResponse: ({ path, status, durationMs }) =>
      logger.metric({
        type: 'timer',
        metric: 'http_request_duration',
        value: durationMs / 1000,
        tags: {
          endpoint: endpointLabel(path),
          http_status_code: String(status),
          status: status < 400 ? 'succeeded' : 'failed',
        },
      }),
  });
}

/** Proves the credentials. A read, and only a read, may end early for a limit that is used up for hours: that comes back. */
async function connected<Settings>(
  source: Source<Settings>,
  signals: Signals,
  { isReading }: { isReading: boolean },
): Promise<Session<Settings> | PipelineError> {
  try {
    return await source.connect(signals);
  } catch (error) {
    if (isReading && endsEarly(error) && error instanceof PipelineError) return error;
    throw error;
  }
}

async function connectInTerminal<Settings>(tap: Tap<Settings>, options: Omit<ConnectOptions, 'signal'>): Promise<void> {
  const stopping = stopSignal();
  try {
    await connectByConsent(tap, { ...options, signal: stopping.signal });
  } finally {
    stopping.forget();
  }
}

function requiredConfig(args: Arguments): string {
  if (args.config !== undefined) return args.config;
  throw configInvalid('--config is missing: name a JSON file with the settings that --about lists');
}

async function accountCatalog<Settings>(
  tap: Tap<Settings>,
  session: Session<Settings>,
  { logger, runtime }: { logger: StderrLogger; runtime: { DISCOVERY_INTERVAL_SECONDS: number } },
): Promise<AccountCatalog<Settings>> {
  const intervalSeconds = runtime.DISCOVERY_INTERVAL_SECONDS;
  const catalog = new AccountCatalog(tap, { select: undefined, intervalSeconds, logger });
  await catalog.refresh(() => Promise.resolve(session), systemTiming.now());
  return catalog;
}

/** The catalog as this account has it: its own streams and fields, and what it does not allow. */
async function discoverAccount<Settings>(
  tap: Tap<Settings>,
  streams: readonly Stream<Settings>[],
  session: Session<Settings>,
): Promise<string> {
  const access = (await tap.check?.(session)) ?? [];
  const refused = new Set(access.filter(({ isReadable }) => !isReadable).map(({ stream }) => stream));
  const shaped = streams.map((stream) => (refused.has(stream.name) ? stream : discovered(stream, session)));
  return JSON.stringify(discoverCatalog({ streams: await Promise.all(shaped) }, access), undefined, 2);
}

function selectionOf<Settings>(
  args: Arguments,
  { discoverStreams }: Pick<Tap<Settings>, 'discoverStreams'>,
  streams: readonly Stream<Settings>[],
): Selection {
  const path = args.catalog ?? args.properties;
  const known = { streams: [...streams] };
  if (path === undefined) return selectStreams(known, undefined);
  return selectFromCatalog(readText(path), discoverCatalog(known), { isOpen: discoverStreams !== undefined });
}

/** A signal that fires when the process is asked to end. */
function stopSignal(): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort(interrupted());
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const forget = () => void process.off('SIGTERM', stop).off('SIGINT', stop);
  return { signal: controller.signal, forget };
}

/** @returns exit code 0 */
function print(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', reject).write(`${text}\n`, () => resolve(0));
  });
}
