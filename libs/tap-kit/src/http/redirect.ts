import { PipelineError } from '@pipeline/contracts';
import type { HttpPolicy } from '../http-policy.ts';
import { allowedAddress } from './allowed-address.ts';
import type { Exchange, ExchangeAnswer, ExchangeRequest } from './exchange.ts';

const REDIRECTS_MAX = 5;
const KEEPS_METHOD = new Set([307, 308]);
const BECOMES_GET = new Set([301, 302, 303]);

/** As the exchange, but follows redirects that stay on the policy's hosts. The token is not shown to another host.
 *  @throws PipelineError `SOURCE_ADDRESS_REFUSED`, `SOURCE_REDIRECTS` */
export async function exchangeWithRedirects(
  exchange: Exchange,
  policy: HttpPolicy,
  first: ExchangeRequest,
): Promise<ExchangeAnswer> {
  let request = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const answer = await exchange(request);
    const next = redirected(policy, request, answer);
    if (next === undefined) return answer;
    request = next;
  }
  throw new PipelineError({
    code: 'SOURCE_REDIRECTS',
    recovery: 'fail',
    message: `the source redirects more than ${REDIRECTS_MAX} times`,
  });
}

function redirected(policy: HttpPolicy, request: ExchangeRequest, answer: ExchangeAnswer): ExchangeRequest | undefined {
  const location = answer.headers['location'];
  const isRedirect = KEEPS_METHOD.has(answer.status) || BECOMES_GET.has(answer.status);
  if (!isRedirect || location === undefined || !URL.canParse(location, request.url.href)) return undefined;
  const url = allowedAddress(policy, new URL(location, request.url).href);
  const { authorization, ...otherHeaders } = request.headers;
  const headers = url.host === request.url.host ? request.headers : otherHeaders;
  if (KEEPS_METHOD.has(answer.status)) return { ...request, url, headers };
  const { body: _, ...withoutBody } = request;
  return { ...withoutBody, method: 'GET', url, headers };
}
