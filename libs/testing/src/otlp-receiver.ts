import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type ReceivedSpan, readSpans } from './otlp-spans.ts';

/** A receiver of OpenTelemetry traces by OTLP over HTTP. */
export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** Headers of the last request. */
  headers(): Record<string, unknown>;
  close(): Promise<void>;
}

/** Takes what `POST /v1/traces` brings as protobuf, as a collector does. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let headers = {};
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      headers = request.headers;
      const isTraces = request.method === 'POST' && request.url === '/v1/traces';
      if (isTraces && request.headers['content-type'] === 'application/x-protobuf') spans.push(...readSpans(body));
      else response.statusCode = 400;
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    headers: () => headers,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
