import type { Logger } from '@pipeline/protocol';
import { type Authenticator, bearerAuth } from '../auth/authenticator.ts';
import { clientCredentialsAuth } from '../auth/client-credentials.ts';
import { refreshTokenAuth } from '../auth/refresh-token.ts';
import type { TokenStore } from '../auth/token-store.ts';
import type { Connected, DiscoverContext, Tap } from '../declaration.ts';
import { policyAt } from '../http/allowed-address.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { LimitWait, ResponseMetric } from '../http/http-try.ts';
import type { RateLimiter } from '../http/rate-limiter.ts';
import type { Timing } from '../http/timing.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { Auth, HttpClient } from '../http-policy.ts';
import { createCache } from './cache.ts';

/** A source's account as one process reaches it: its connections, credentials and limits, shared by all tasks. */
export interface Source<Settings> {
  /** Proves the credentials, unless that was done a moment ago, and returns what one task reads with.
   *  @throws PipelineError with the source's reason. */
  connect: (signals: Signals, watch?: RequestWatch) => Promise<Session<Settings>>;
  /** Uses a refresh token that would die of disuse before long. Does nothing for other credentials. */
  keepAlive: () => Promise<void>;
  /** When the access ends if it is not used. Null: it does not, or it is not known yet. */
  endsAt: () => Date | null;
  close: () => void;
}

/** What a stream is discovered and read with. */
export interface Session<Settings> extends DiscoverContext<Settings> {
  account: Connected['account'];
}

/** Is told what the requests of one task do. */
export interface RequestWatch {
  onResponse: (metric: ResponseMetric) => void;
  onWait: (wait: LimitWait) => void;
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
  tokenStore: () => TokenStore;
  timing: Timing;
  logger: Logger;
  onResponse?: (metric: ResponseMetric) => void;
  /** Shutdown of the process. */
  stop: AbortSignal;
}

/** The credentials count as proven for this long: the tasks of one run check once. */
const PROOF_MS = 5 * 60_000;

export function openSource<Settings>(tap: Tap<Settings>, settings: Settings, deps: SourceDeps): Source<Settings> {
  const policy = tap.http(settings);
  const { transport, close } = createTransport({ baseUrl: policy.baseUrl });
  const auth = authenticator(policy.auth, transport, deps);
  const cached = createCache(deps.timing.now);
  const client = (signals: Signals, watch?: RequestWatch, connected: Connected = {}): HttpClient => {
    const { headers = {}, baseUrl, account } = connected;
    const home = { ...policyAt(policy, baseUrl), headers: { ...policy.headers, ...headers } };
    const watched = { ...deps, ...(watch === undefined ? {} : watching(watch, deps)) };
    return createHttpClient(home, { ...watched, ...signals, transport, auth, baseUrl, account: account?.id });
  };
  let proof: { connected: Connected; at: number } | undefined;
  return {
    connect: async (signals, watch) => {
      if (proof === undefined || deps.timing.now() - proof.at > PROOF_MS) {
        const connected = await tap.connect(client(signals, watch), settings);
        proof = { connected, at: deps.timing.now() };
      }
      const { connected } = proof;
      return { settings, cached, http: client(signals, watch, connected), account: connected.account };
    },
    keepAlive: async () => auth.keepAlive?.(),
    endsAt: () => {
      const endsAt = auth.endsAt?.();
      return endsAt === undefined ? null : new Date(endsAt);
    },
    close,
  };
}

function watching(watch: RequestWatch, deps: SourceDeps): RequestWatch {
  const onResponse = (metric: ResponseMetric) => {
    deps.onResponse?.(metric);
    watch.onResponse(metric);
  };
  return { ...watch, onResponse };
}

function authenticator(auth: Auth, transport: Transport, deps: SourceDeps): Authenticator {
  switch (auth.kind) {
    case 'bearer':
      return bearerAuth(auth.token);
    case 'client-credentials':
      return clientCredentialsAuth(auth, { ...deps, transport });
    case 'refresh-token':
      return refreshTokenAuth(auth, { ...deps, transport, tokenStore: deps.tokenStore() });
  }
}
