import type { Broker } from '@pipeline/broker';
import { type Alert, encryptionKey } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import type { Defects, Redaction } from '@pipeline/service';
import type { Router } from 'express';
import { SESSION_COOKIE } from './access/caller.ts';
import { prepareAccess } from './access/first-token.ts';
import { tellIncidents } from './alerts/notifier.ts';
import { logReader } from './api/handlers/now.ts';
import { addApi } from './api/router.ts';
import type { Config } from './config.ts';
import { EventHub } from './events/hub.ts';
import { addHooks } from './hooks/router.ts';
import { startLookOut } from './incidents/look-out.ts';
import { startLineage } from './lineage/start-lineage.ts';
import { managementApi } from './observe/management-api.ts';
import { NowReader } from './observe/now-reader.ts';
import { QueueReader } from './observe/queues.ts';
import type { LiveSettings } from './settings.ts';
import { VERSION } from './version.ts';
import { webRoutes } from './web.ts';

export interface ControlPlaneDeps {
  pool: Pool;
  broker: Broker;
  router: Router;
  logger: Logger;
  config: Config;
  settings: LiveSettings;
  defects: Defects;
  redaction: Redaction;
  instance: string;
  ownAlerts: () => Alert[];
  wake: () => void;
}

/** What a person sees and steers: login, API, events, incidents, alerts. Returns how it stops. */
export async function startControlPlane(deps: ControlPlaneDeps): Promise<() => Promise<void>> {
  const { pool, broker, logger, config, settings } = deps;
  await prepareAccess(pool, { apiToken: config.API_TOKEN, show: (token) => showOnce(token, deps.redaction) });
  const key = config.CREDENTIALS_KEY === undefined ? undefined : encryptionKey(config.CREDENTIALS_KEY);
  const mail = { smtpUrl: config.SMTP_URL, mailFrom: config.ALERT_MAIL_FROM };
  const now = new NowReader({
    pool,
    settings,
    version: VERSION,
    brokerBlockedBecause: () => broker.health().blocked?.because ?? null,
    isBrokerConnected: () => broker.notReadyBecause() === null,
  });
  const events = new EventHub({ read: now.read, readLog: logReader(pool), logger, defects: deps.defects });
  addApi(deps.router, {
    ...{ pool, broker, now, events, settings, key, logger },
    ...mail,
    publisher: broker.publisher(),
    version: VERSION,
    dataPath: config.DISK_STORAGE_PATH,
    queues: new QueueReader({ pool, broker, management: managementApi(config) }),
    publicUrl: config.PUBLIC_URL,
    wake: deps.wake,
  });
  addHooks(deps.router, {
    ...{ pool, key, logger, hookSecrets: config.WEBHOOK_SECRETS, publicUrl: config.PUBLIC_URL },
    wake: deps.wake,
  });
  deps.router.use(webRoutes(SESSION_COOKIE));
  const lookOut = startLookOut({
    ...{ pool, logger, settings },
    defects: deps.defects,
    instance: deps.instance,
    dataPath: config.DISK_STORAGE_PATH,
    ownAlerts: deps.ownAlerts,
    tell: () => tellIncidents({ pool, key, ...mail }),
  });
  const lineage = startLineage(deps);
  return async () => {
    events.close();
    await lineage?.stop();
    await lookOut.stop();
  };
}

/** On standard output and nowhere else: a log would keep it. */
function showOnce(token: string, redaction: Redaction): void {
  process.stdout.write(`\nLog in with this access token. It is shown this once:\n\n  ${token}\n\n`);
  redaction.add(token);
}
