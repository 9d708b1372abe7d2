import type { Logger } from '@pipeline/contracts';
import { type Authenticator, bearerAuth } from './auth/authenticator.ts';
import { clientCredentialsAuth } from './auth/client-credentials.ts';
import { refreshTokenAuth } from './auth/refresh-token.ts';
import type { Vault } from './auth/vault.ts';
import type { Tap } from './declaration.ts';
import { createExchange, type Exchange } from './http/exchange.ts';
import { createHttpClient } from './http/http-client.ts';
import type { AnswerMetric } from './http/http-try.ts';
import type { RateLimiter } from './http/rate-limiter.ts';
import type { Timing } from './http/timing.ts';
import type { Auth, HttpClient } from './http-policy.ts';

/** A source as one process reaches it: its connections, credentials and limits, shared by all tasks. */
export interface Source {
  /** Proves the credentials, unless that was done a moment ago, and gives the client of one task.
   *  @throws PipelineError with the source's reason. */
  connect: (signals: Signals) => Promise<HttpClient>;
  close: () => void;
}

export interface Signals {
  /** Ends waits and keeps new requests from starting; a request in flight may finish. */
  stop: AbortSignal;
  /** Cuts the request in flight. */
  abort: AbortSignal;
}

export interface SourceDeps {
  limiter: RateLimiter;
  /** Called only for sources whose refresh token rotates. */
  vault: () => Vault;
  timing: Timing;
  logger: Logger;
  onAnswer?: (metric: AnswerMetric) => void;
  /** Shutdown of the process. */
  stop: AbortSignal;
}

/** The credentials count as proven for this long: the tasks of one run check once. */
const PROOF_MS = 5 * 60_000;

export function openSource<Settings>(tap: Tap<Settings>, settings: Settings, deps: SourceDeps): Source {
  const policy = tap.http(settings);
  const { exchange, close } = createExchange();
  const auth = authenticator(policy.auth, exchange, deps);
  const client = (signals: Signals, headers: Record<string, string> = {}): HttpClient =>
    createHttpClient(
      { ...policy, headers: { ...policy.headers, ...headers } },
      { ...deps, ...signals, exchange, auth },
    );
  let proof: { headers: Record<string, string>; at: number } | undefined;
  return {
    connect: async (signals) => {
      if (proof === undefined || deps.timing.now() - proof.at > PROOF_MS) {
        const { headers = {} } = await tap.connect(client(signals), settings);
        proof = { headers, at: deps.timing.now() };
      }
      return client(signals, proof.headers);
    },
    close,
  };
}

function authenticator(auth: Auth, exchange: Exchange, deps: SourceDeps): Authenticator {
  switch (auth.kind) {
    case 'bearer':
      return bearerAuth(auth.token);
    case 'client-credentials':
      return clientCredentialsAuth(auth, { ...deps, exchange });
    case 'refresh-token':
      return refreshTokenAuth(auth, { ...deps, exchange, vault: deps.vault() });
  }
}
