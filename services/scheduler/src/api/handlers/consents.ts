import {
  consentSecretName,
  endConsent,
  insertConsent,
  lockConsent,
  operate,
  readConsent,
  readSource,
  refusal,
  sha256,
} from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { consentRequest, PipelineError } from '@pipeline/protocol';
import type { Request } from 'express';
import { z } from 'zod';
import { decryptValue, encryptValue, needKey } from '../../access/encryption.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

const CONSENT_MINUTES = 15;

const Pending = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  redirectUri: z.string(),
  codeVerifier: z.string(),
  consent: z.unknown(),
});

/** Connecting an account by its source's consent page. */
export function consentHandlers(deps: ApiDeps): Handlers<'startConsent' | 'finishConsent' | 'getConsent'> {
  const { pool } = deps;
  return {
    startConsent: async ({ body }, { actor, request }) => {
      needKey(deps.key);
      const source = await readSource(pool, body.source);
      if (source === undefined) throw refusal('UNKNOWN_SOURCE', `no tap of ${body.source} has registered`);
      const described = source.description.consent;
      if (described === null) throw refusal('NO_CONSENT_PAGE', `${source.description.label} has no consent page`);
      const { clientId, clientSecret } = body;
      if (clientId === undefined || clientSecret === undefined) {
        throw refusal(
          'CONSENT_CLIENT_MISSING',
          `name client id and client secret of your ${source.description.label} app`,
        );
      }
      const redirectUri = `${deps.publicUrl ?? addressOf(request)}/api/consents/callback`;
      const consent = { ...described, scopes: body.scopes ?? described.scopes };
      const page = consentRequest(consent, { clientId, redirectUri });
      const id = crypto.randomUUID();
      const pending = { clientId, clientSecret, redirectUri, codeVerifier: page.codeVerifier, consent };
      const sealed = encryptValue(deps.key, consentSecretName(id), pending);
      const stateSha256 = sha256(page.state);
      const expiresAt = await operate(
        pool,
        { actor, action: 'start-consent', target: body.source, details: {} },
        (client) =>
          insertConsent(client, {
            id,
            source: body.source,
            stateSha256,
            ...sealed,
            by: actor,
            minutes: CONSENT_MINUTES,
          }),
      );
      return { id, url: page.url, redirectUri, expiresAt: expiresAt.toISOString() };
    },
    finishConsent: async ({ query }) => closingPage(await finish(deps, query)),
    getConsent: async ({ params }) => {
      const consent = await readConsent(pool, params.id);
      if (consent === undefined) throw refusal('UNKNOWN_CONSENT', `there is no consent ${params.id}`);
      const { id, status, isExpired, message } = consent;
      const state = status === 'waiting' && isExpired ? 'expired' : status === 'used' ? 'granted' : status;
      return { id, state, message };
    },
  };
}

async function finish(
  deps: ApiDeps,
  query: { state?: string | undefined; code?: string | undefined; error?: string | undefined },
): Promise<string> {
  const { state, code, error } = query;
  if (state === undefined) return 'This address is only for consent pages that were opened from here.';
  return inTransaction(deps.pool, async (client) => {
    const consent = await lockConsent(client, sha256(state));
    if (consent === undefined) return 'This consent was not asked for from here.';
    if (consent.status !== 'waiting') return 'This consent is closed already.';
    if (consent.isExpired) return 'This consent took too long. Begin again with Connect.';
    const refuse = async (message: string) => {
      await endConsent(client, consent.id, { status: 'refused', message, sealed: null });
      return `Not connected: ${message}`;
    };
    if (code === undefined)
      return refuse(error === 'access_denied' ? 'the consent was refused' : 'the source sent no code');
    const pending = decryptValue(deps.key, consentSecretName(consent.id), consent.sealed, Pending);
    const source = await readSource(client, consent.source);
    if (source?.description.consent == null) return refuse('its tap has gone');
    try {
      // Read only here: its HTTP client is nothing that a scheduler needs otherwise.
      const { redeemConsent } = await import('@pipeline/tap-kit/consent');
      const { refreshToken } = await redeemConsent(source.description.consent, { ...pending, code });
      const secrets = { client_id: pending.clientId, client_secret: pending.clientSecret, refresh_token: refreshToken };
      const { sealed } = encryptValue(deps.key, consentSecretName(consent.id), secrets);
      await endConsent(client, consent.id, { status: 'granted', message: null, sealed });
      return 'Connected. You can close this page.';
    } catch (problem) {
      if (!(problem instanceof PipelineError)) throw problem;
      return refuse(`${problem.code}: ${problem.message}`);
    }
  });
}

/** Plain HTML without script or style: the page that opened it sees by itself what came of it. */
function closingPage(message: string): string {
  const text = message.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>pipeline</title><main><h1>pipeline</h1><p>${text}</p><p><a href="/connections">Connections</a></p></main></html>`;
}

const addressOf = (request: Request): string => `${request.protocol}://${request.get('host') ?? 'localhost'}`;
