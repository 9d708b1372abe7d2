import {
  operate,
  readCheck,
  readSource,
  refusal,
  requestCheck,
  requestConnectionCheck,
  trialSecretName,
} from '@pipeline/control';
import { encryptValue, Secrets } from '../../access/encryption.ts';
import { grantedSecrets } from '../../connections/granted.ts';
import { knownConnection } from '../../connections/save.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

/** Checks of accounts by their tap: of a stored connection, or of settings before they are saved. */
export function checkHandlers(deps: ApiDeps): Handlers<'checkConnection' | 'checkSettings' | 'getCheck'> {
  const { pool, wake } = deps;
  return {
    checkConnection: async ({ params }, { actor }) => {
      const connection = await knownConnection(pool, params.name);
      const checkId = await requestConnectionCheck(pool, connection, actor);
      wake();
      return { checkId, message: `${params.name} is being looked at; that takes some seconds` };
    },
    checkSettings: async ({ body }, { actor }) => {
      if ((await readSource(pool, body.source)) === undefined)
        throw refusal('UNKNOWN_SOURCE', `no tap of ${body.source} has registered`);
      const id = crypto.randomUUID();
      const secrets = { ...body.secrets, ...(await grantedSecrets(deps, body.consentId, body.source)) };
      const trial = encryptValue(deps.key, trialSecretName(id), {
        settings: body.settings,
        secrets: Secrets.parse(secrets),
      });
      const check = { id, source: body.source, connection: null, trial, requestedBy: actor };
      await operate(
        pool,
        { actor, action: 'check', target: body.source, details: { settings: body.settings } },
        (client) => requestCheck(client, check),
      );
      wake();
      return { checkId: id, message: 'the account is being looked at; that takes some seconds' };
    },
    getCheck: async ({ params }) => {
      const check = await readCheck(pool, params.id);
      if (check === undefined) throw refusal('UNKNOWN_CHECK', `there is no check ${params.id}`);
      return { id: params.id, state: check.isDone ? ('done' as const) : ('queued' as const), check: check.result };
    },
  };
}
