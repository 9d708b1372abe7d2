import { statfs } from 'node:fs/promises';
import {
  countViolations,
  listAudit,
  listInstances,
  listSettingsInForce,
  listStoredSettings,
  readDatabaseReport,
} from '@pipeline/control';
import { z } from 'zod';
import { kept } from '../../observe/kept.ts';
import { isEditable } from '../../settings.ts';
import type { ApiDeps } from '../deps.ts';
import { DOCS_CONTENT_SECURITY_POLICY, docsPage } from '../docs-page.ts';
import { idBefore, pageById } from '../http/cursor.ts';
import type { Handlers } from '../http/handler.ts';
import { openApi } from '../openapi.ts';

type Names = 'getSystem' | 'listSettings' | 'changeSetting' | 'listAudit' | 'getOpenApi' | 'getDocs';

const VIOLATIONS_MS = 10 * 60_000;

/** The machinery: services, queues, database, settings, audit. */
export function systemHandlers(deps: ApiDeps): Handlers<Names> {
  const { pool } = deps;
  const violations = kept(VIOLATIONS_MS, () => countViolations(pool));
  // Made of a hundred schemas, and the same until the next version.
  const description = kept(Number.POSITIVE_INFINITY, async () =>
    z.record(z.string(), z.json()).parse(openApi(deps.version)),
  );
  const page = kept(Number.POSITIVE_INFINITY, async () => docsPage(deps.version));
  return {
    getSystem: async () => {
      const [instances, queues, database, disk] = await Promise.all([
        listInstances(pool),
        deps.queues.read(),
        readDatabase(deps, violations),
        readDisk(deps.dataPath),
      ]);
      const { blocked, isConnected } = brokerState(deps);
      return {
        version: deps.version,
        now: new Date().toISOString(),
        instances,
        broker: { isConnected, blockedBecause: blocked, queues },
        database: database.report,
        disk,
        logLinesDropped: database.logLinesDropped,
        clients: deps.events.clients,
      };
    },
    listSettings: () => listAll(deps),
    changeSetting: async ({ params, body }, { actor }) => {
      await deps.settings.set(params.name, body.value, actor);
      deps.wake();
      return listAll(deps);
    },
    listAudit: async ({ query }) => {
      const filter = {
        actor: query.actor ?? null,
        action: query.action ?? null,
        before: idBefore(query.cursor),
        limit: query.limit + 1,
      };
      return pageById(await listAudit(pool, filter), query.limit);
    },
    getDocs: async (_, { response }) => {
      response.set('Content-Security-Policy', DOCS_CONTENT_SECURITY_POLICY).set('X-Content-Type-Options', 'nosniff');
      return page();
    },
    getOpenApi: description,
  };
}

function brokerState({ broker }: ApiDeps): { isConnected: boolean; blocked: string | null } {
  const { blocked } = broker.health();
  return { isConnected: broker.notReadyBecause() === null || blocked !== null, blocked: blocked?.because ?? null };
}

async function readDatabase({ pool }: ApiDeps, violations: () => Promise<number>) {
  const startedAt = performance.now();
  const { logLinesDropped, ...report } = await readDatabaseReport(pool);
  const responseMs = performance.now() - startedAt;
  return { logLinesDropped, report: { ...report, responseMs, violations: await violations() } };
}

async function readDisk(path: string) {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

async function listAll({ pool }: ApiDeps) {
  const [services, stored] = await Promise.all([listSettingsInForce(pool), listStoredSettings(pool)]);
  const items = services.flatMap(({ service, settings }) =>
    settings.map((setting) => {
      const mayEdit = isEditable(setting.name) && service === 'scheduler' && setting.origin === 'default';
      const own = mayEdit ? stored.find(({ name }) => name === setting.name) : undefined;
      return {
        ...setting,
        service,
        isEditable: mayEdit,
        value: own?.value ?? setting.value,
        origin: own === undefined ? setting.origin : ('page' as const),
        setAt: own?.setAt.toISOString() ?? null,
      };
    }),
  );
  return { items, nextCursor: null, total: items.length };
}
