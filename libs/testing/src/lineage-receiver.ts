import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** Every facet says who made it and by what schema. */
const Facets = z.record(z.string(), z.looseObject({ _producer: z.url(), _schemaURL: z.url() }));
const Dataset = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: Facets.optional(),
  outputFacets: Facets.optional(),
});
const Job = z.strictObject({ namespace: z.string().min(1), name: z.string().min(1), facets: Facets });

/** A run event as the specification has it, and nothing else. https://openlineage.io/spec/2-0-2/OpenLineage.json */
const RunEvent = z.strictObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.iso.datetime({ offset: true }),
  producer: z.url(),
  schemaURL: z.url().regex(/^https:\/\/openlineage\.io\/spec\/2-0-2\/OpenLineage\.json#\/\$defs\/RunEvent$/),
  run: z.strictObject({ runId: z.uuid(), facets: Facets }),
  job: Job,
  inputs: z.array(Dataset),
  outputs: z.array(Dataset),
});
export type LineageEvent = z.infer<typeof RunEvent>;

/** A receiver of OpenLineage events over HTTP. */
export interface LineageReceiver {
  url: string;
  events: LineageEvent[];
  /** What is not as the specification says. */
  problems: string[];
  /** The next requests are responded to with this status. */
  respond(status: number): void;
  close(): Promise<void>;
}

/** An OpenLineage receiver on a free port that keeps the events it gets. */
export async function startLineageReceiver(): Promise<LineageReceiver> {
  const events: LineageEvent[] = [];
  const problems: string[] = [];
  let status = 201;
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      response.statusCode = status;
      response.end();
      if (status !== 201) return;
      if (request.method !== 'POST' || request.url !== '/api/v1/lineage') problems.push(`${request.url}`);
      const parsed = RunEvent.safeParse(body);
      if (parsed.success) events.push(parsed.data);
      else problems.push(z.prettifyError(parsed.error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    events,
    problems,
    respond: (next) => {
      status = next;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
