import { on, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ConsentRequest, consentRequest, errorMessage, PipelineError } from '@pipeline/protocol';
import { replaceConfig, TOKENS_KEY } from '../auth/config-file-token-store.ts';
import { redeemCode } from '../auth/consent.ts';
import type { Consent, Tap } from '../declaration.ts';
import { createTransport } from '../http/transport.ts';
import { configInvalid, readJsonObject } from './input-files.ts';
import type { StderrLogger } from './stderr-logger.ts';

/** Longest time that a person has for the consent page. */
const CONNECT_MAX_MS = 15 * 60_000;

export interface ConnectOptions {
  /** The tap's config file: it names the app, and gets the refresh token. */
  configPath: string;
  /** Of the page on this machine. The redirect address of the app is `http://localhost:<port>/callback`. 0: any. */
  port: number;
  logger: StderrLogger;
  signal: AbortSignal;
}

interface App {
  consent: Consent;
  clientId: string;
  clientSecret: string;
}

/** Walks a person through the source's consent on a page of this machine and writes the refresh token into the config file.
 *  @throws PipelineError `CONSENT_UNKNOWN`, `CONFIG_INVALID`, `CONSENT_TIMED_OUT`, or what the source says of the code. */
export async function connectByConsent<Settings>(tap: Tap<Settings>, options: ConnectOptions): Promise<void> {
  const app = appOf(tap, options.configPath);
  const server = createServer().listen(options.port, 'localhost');
  await once(server, 'listening');
  const { transport, close } = createTransport({ baseUrl: app.consent.tokenUrl });
  try {
    const address = server.address();
    const home = `http://localhost:${typeof address === 'object' && address !== null ? address.port : options.port}`;
    const redirectUri = `${home}/callback`;
    const request = consentRequest(app.consent, { clientId: app.clientId, redirectUri });
    options.logger.info({ page: home, redirectUri }, `open ${home} in a browser to connect ${tap.source}`);
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(CONNECT_MAX_MS)]);
    for await (const { incoming, response } of requestsOf(server, signal)) {
      const code = respond(tap.source, request, incoming, response);
      if (code === undefined) continue;
      const tokens = await redeemCode(transport, app.consent, { ...app, redirectUri, code, ...request }).catch(
        (error: unknown) => {
          show(response, 502, `The connection failed: ${errorMessage(error)}`);
          throw error;
        },
      );
      const { [TOKENS_KEY]: _old, ...config } = readJsonObject(options.configPath);
      await replaceConfig(options.configPath, { ...config, refresh_token: tokens.refreshToken });
      show(
        response,
        200,
        `${tap.source} is connected. The refresh token is in the config file; this page may be closed.`,
      );
      options.logger.info({}, `${tap.source} is connected: the refresh token is in the config file`);
      return;
    }
  } finally {
    close();
    server.close();
    server.closeIdleConnections();
  }
}

function appOf<Settings>(tap: Tap<Settings>, configPath: string): App {
  const config = readJsonObject(configPath);
  const { client_id: clientId, client_secret: clientSecret } = config;
  if (tap.consent === undefined) {
    const message = `${tap.source} is not connected by a consent page: --about lists the settings that hold its credentials`;
    throw new PipelineError({ code: 'CONSENT_UNKNOWN', recovery: 'fix-config', message });
  }
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') {
    throw configInvalid('--connect needs client_id and client_secret in the config file');
  }
  // Whatever else stands there is checked by the first run; the consent page needs addresses and scopes only.
  return { consent: tap.consent(config as Partial<Settings>), clientId, clientSecret };
}

/** Requests one after another. @throws PipelineError `CONSENT_TIMED_OUT` */
async function* requestsOf(
  server: ReturnType<typeof createServer>,
  signal: AbortSignal,
): AsyncGenerator<{ incoming: IncomingMessage; response: ServerResponse }> {
  try {
    for await (const [incoming, response] of on(server, 'request', { signal })) yield { incoming, response };
  } catch (cause) {
    const message = 'nobody finished the consent: run --connect again';
    throw new PipelineError({ code: 'CONSENT_TIMED_OUT', recovery: 'fail', message, cause });
  }
}

/** The code, once the source has sent the browser back with it. Undefined: a page was shown. */
function respond(
  source: string,
  request: ConsentRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
): string | undefined {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
  if (pathname === '/') {
    show(response, 200, `<a href="${escaped(request.url)}">Connect ${source}</a>`);
    return undefined;
  }
  const [code, state, error] = [searchParams.get('code'), searchParams.get('state'), searchParams.get('error')];
  if (pathname !== '/callback') show(response, 404, 'There is nothing here.');
  else if (error !== null) show(response, 400, `The source refused (${escaped(error)}). <a href="/">Try again</a>`);
  else if (code === null || state !== request.state)
    show(response, 400, 'This response belongs to no consent. <a href="/">Try again</a>');
  else return code;
  return undefined;
}

function show(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', connection: 'close' });
  response.end(`<!doctype html><meta charset="utf-8"><title>Connect</title><p>${html}</p>`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
