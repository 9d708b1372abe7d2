import { type EncryptionKey, readConnection, readSource, wakePipeline } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { type Logger, pipelineName } from '@pipeline/protocol';
import { ConnectionName } from '@pipeline/protocol/api';
import express, { type Request, type Router } from 'express';
import { RequestError, respondToErrors } from '../api/http/errors.ts';
import { requestLimit } from '../api/http/limits.ts';
import { findHookSecret } from './find-secret.ts';
import { type HookRequest, type HookResult, REFUSE, verifyHook } from './verify.ts';

/** A hundred events, as a source sends at a time, are about 40 KB. */
const BODY_BYTES_MAX = 512 * 1024;
const REQUESTS_PER_MINUTE = 600;

export interface HookDeps {
  pool: Pool;
  key: EncryptionKey | undefined;
  logger: Logger;
  /** Of connections: WEBHOOK_SECRETS. */
  hookSecrets: ReadonlyMap<string, string>;
  /** Undefined: senders are believed to have addressed the host that the request names. */
  publicUrl: string | undefined;
  /** How webhooks are verified. Only a test turns it off, to see what would happen. */
  verify?: typeof verifyHook;
  wake: () => void;
}

/** `POST /hooks/<connection>`: a source's signed webhook makes the next run of the connection start at once. Its content is not used, so one
 *  that is lost, repeated or out of order costs nothing. Responds 200 or 401 with an empty body: who cannot sign learns of no connection. */
export function addHooks(router: Router, deps: HookDeps): void {
  const hooks = express.Router();
  hooks.post(
    '/hooks/:connection',
    requestLimit(REQUESTS_PER_MINUTE),
    express.raw({ limit: BODY_BYTES_MAX, type: () => true, inflate: false }),
    async (request, response) => {
      const result = await verifyRequest(deps, request);
      if (result.kind === 'respond') response.set(result.headers);
      response
        .status(result.kind === 'refuse' ? 401 : 200)
        .set('Cache-Control', 'no-store')
        .end();
    },
  );
  hooks.use('/hooks', (request) => {
    throw new RequestError({ status: 404, code: 'UNKNOWN_ROUTE', message: `there is no ${request.method} of hooks` });
  });
  hooks.use(respondToErrors(deps.logger));
  router.use(hooks);
}

async function verifyRequest(deps: HookDeps, request: Request): Promise<HookResult> {
  const name = ConnectionName.safeParse(request.params['connection']);
  const connection = name.success ? await readConnection(deps.pool, name.data) : undefined;
  if (connection === undefined) return REFUSE;
  const secret = findHookSecret(connection, deps.hookSecrets, deps.key);
  if (secret === undefined) return REFUSE;
  const signature = (await readSource(deps.pool, connection.source))?.description.webhooks;
  if (!signature) return REFUSE;
  const { verify = verifyHook } = deps;
  const result = verify(signature, hookRequest(request, deps.publicUrl), secret, Date.now());
  if (result.kind === 'refuse')
    deps.logger.warn({ connection: connection.name }, 'a webhook was not signed with its secret');
  if (result.kind === 'wake' && (await wakePipeline(deps.pool, pipelineName(connection.name)))) deps.wake();
  return result;
}

function hookRequest(request: Request, publicUrl: string | undefined): HookRequest {
  const origin = publicUrl ?? `${request.protocol}://${request.get('host') ?? ''}`;
  return {
    method: request.method,
    url: `${origin}${request.originalUrl}`,
    header: (name) => request.get(name),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}
