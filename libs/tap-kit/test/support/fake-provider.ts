import type { Transport, TransportRequest } from '../../src/http/transport.ts';

/** A token endpoint with single-use refresh tokens r0, r1, ..., as Xero's: the one before the newest works for lost responses. */
export class FakeProvider {
  readonly requests: URLSearchParams[] = [];
  /** Called before a response; what it throws is what the network does. */
  onRequest: (request: TransportRequest) => void = () => undefined;
  onResponse: () => void = () => undefined;
  #newest = 0;

  readonly transport: Transport = (request) => {
    const form = new URLSearchParams(request.body);
    this.requests.push(form);
    this.onRequest(request);
    const number = Number(form.get('refresh_token')?.slice(1));
    if (number !== this.#newest && number !== this.#newest - 1) return this.#respond(400, { error: 'invalid_grant' });
    if (number === this.#newest) this.#newest += 1;
    this.onResponse();
    return this.#respond(200, {
      access_token: `a${this.#newest}`,
      refresh_token: `r${this.#newest}`,
      expires_in: 1_800,
    });
  };

  #respond(status: number, json: object) {
    return Promise.resolve({ status, headers: {}, text: JSON.stringify(json) });
  }
}
