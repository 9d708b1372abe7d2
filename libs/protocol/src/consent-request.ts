import { createHash, randomBytes } from 'node:crypto';

/** What a source says of its consent page. */
export interface ConsentPage {
  authorizeUrl: string;
  scopes: readonly string[];
  /** @default a space */
  scopeSeparator?: string | undefined;
  parameters?: Readonly<Record<string, string>> | undefined;
}

/** What the page keeps between the redirect to the source and the callback. */
export interface ConsentRequest {
  /** Where the person's browser is sent. */
  url: string;
  /** Comes back with the callback: proves that it belongs to this request (RFC 6749, 10.12). */
  state: string;
  /** Proof key for redeeming the code (RFC 7636). A source that does not know it ignores it. */
  codeVerifier: string;
}

/** The address of the source's consent page (RFC 6749, 4.1), with a proof key (RFC 7636).
 *  @param random 32 bytes, for tests. */
export function consentRequest(
  consent: ConsentPage,
  client: { clientId: string; redirectUri: string },
  random: (bytes: number) => Buffer = randomBytes,
): ConsentRequest {
  const state = random(32).toString('base64url');
  const codeVerifier = random(32).toString('base64url');
  const url = new URL(consent.authorizeUrl);
  const parameters = {
    ...consent.parameters,
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: consent.scopes.join(consent.scopeSeparator ?? ' '),
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== '') url.searchParams.set(name, value);
  return { url: url.href, state, codeVerifier };
}
