import { PipelineError } from '@pipeline/protocol';
import type { HttpPolicy } from '../http-policy.ts';
import { allowedAddress } from './allowed-address.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

const REDIRECTS_MAX = 5;
const KEEPS_METHOD = new Set([307, 308]);
const BECOMES_GET = new Set([301, 302, 303]);

/** As the transport, but follows redirects that stay on the policy's hosts. The token is not shown to another host.
 *  @throws PipelineError `SOURCE_ADDRESS_REFUSED`, `SOURCE_REDIRECTS` */
export async function sendWithRedirects(
  transport: Transport,
  policy: HttpPolicy,
  first: TransportRequest,
): Promise<TransportResponse> {
  let request = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const response = await transport(request);
    const next = redirected(policy, request, response);
    if (next === undefined) return response;
    request = next;
  }
  throw new PipelineError({
    code: 'SOURCE_REDIRECTS',
    recovery: 'fail',
    message: `the source redirects more than ${REDIRECTS_MAX} times`,
  });
}

function redirected(
  policy: HttpPolicy,
  request: TransportRequest,
  response: TransportResponse,
): TransportRequest | undefined {
  const location = response.headers['location'];
  const isRedirect = KEEPS_METHOD.has(response.status) || BECOMES_GET.has(response.status);
  if (!isRedirect || location === undefined || !URL.canParse(location, request.url.href)) return undefined;
  const url = allowedAddress(policy, new URL(location, request.url).href);
  const { authorization, ...otherHeaders } = request.headers;
  const headers = url.host === request.url.host ? request.headers : otherHeaders;
  if (KEEPS_METHOD.has(response.status)) return { ...request, url, headers };
  const { body: _, ...withoutBody } = request;
  return { ...withoutBody, method: 'GET', url, headers };
}
