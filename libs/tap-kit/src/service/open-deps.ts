import { createHash } from 'node:crypto';
import { type EncryptionKey, noteAccessEnd } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { type Logger, pipelineName } from '@pipeline/protocol';
import type { Defects, Redaction } from '@pipeline/service';
import { databaseTokenStore } from '../auth/database-token-store.ts';
import type { TokenStore } from '../auth/token-store.ts';
import type { Signals } from '../connection/source.ts';
import type { Tap } from '../declaration.ts';
import { systemTiming } from '../http/timing.ts';
import type { Auth } from '../http-policy.ts';
import { secretsOf } from '../settings/settings.ts';
import type { Environment } from './environment.ts';
import type { OpenDeps } from './live-connection.ts';
import { type ConnectionSettings, needKey } from './saved-connection.ts';
import type { ServiceConfig } from './service-config.ts';
import { SharedRateLimiter } from './shared-rate-limiter.ts';
import type { TapMetrics } from './tap-metrics.ts';

interface OpenerDeps {
  pool: Pool;
  config: ServiceConfig;
  key: EncryptionKey | undefined;
  environment: Environment;
  redaction: Redaction;
  logger: Logger;
  signals: Signals;
  metrics: TapMetrics;
  defects: Defects;
}

/** What each connection of a service is opened with: its limits, its tokens, its log. */
export function connectionOpener<Settings>(tap: Tap<Settings>, deps: OpenerDeps) {
  const { pool, config, key, environment, redaction, signals, metrics, defects } = deps;
  return (name: string, { settings, secrets }: ConnectionSettings<Settings>): OpenDeps => {
    const { auth } = tap.http(settings);
    redaction.add(...secrets, ...secretsOf(auth));
    const logger = deps.logger.child({ pipeline: pipelineName(name) });
    const isEnvironment = environment.isConfigured && name === tap.source;
    const limiter = new SharedRateLimiter({
      ...{ pool, logger, source: tap.source, connection: name, timing: systemTiming, signal: signals.abort },
      factor: config.TAP_RATE_LIMIT_FACTOR,
    });
    return {
      ...{ limiter, logger, signals, defects, timing: systemTiming, stop: signals.stop },
      tokenStore: (): TokenStore => {
        const storeName = isEnvironment ? tap.source : tokenStoreName(tap.source, auth);
        return databaseTokenStore({ pool, name: storeName, key: needKey(key) });
      },
      onResponse: ({ status, bytes, account = name }) => {
        metrics.requests.inc({ status: String(status) });
        metrics.bytes.inc({ account }, bytes);
      },
      discoveryIntervalSeconds: config.DISCOVERY_INTERVAL_SECONDS,
      onAccessEnd: (endsAt) => noteAccessEnd(pool, name, endsAt),
    };
  };
}

/** Tokens belong to the refresh token they began with, not to a name: a check of settings that are not saved yet uses it up, and the connection
 *  that is made of them goes on from there. */
function tokenStoreName(source: string, auth: Auth): string {
  const seed = auth.kind === 'refresh-token' ? auth.refreshToken : '';
  return `${source}/${createHash('sha256').update(seed).digest('hex').slice(0, 32)}`;
}
