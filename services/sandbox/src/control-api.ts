import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type ErrorRequestHandler, type Response, type Router } from 'express';
import { ZodError, z } from 'zod';
import type { Faults } from './faults.ts';
import type { Mutations } from './mutations.ts';
import type { NotImitated } from './not-imitated.ts';
import type { RequestLog } from './request-log.ts';
import type { SourceApi, TruthStream } from './source-api.ts';
import { SourceName } from './sources.ts';

export interface ControlDeps {
  apis: readonly SourceApi[];
  faults: Faults;
  mutations: Mutations;
  requests: RequestLog;
  notImitated: NotImitated;
}

const TokensRequest = z.strictObject({ source: SourceName.optional() });

/** What tests and demonstrations do to the sandbox from outside: read the truth, change it, break it. */
export function controlApi({ apis, faults, mutations, requests, notImitated }: ControlDeps): Router {
  const router = express.Router();
  router.use(express.json());

  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', sources: apis.map((api) => api.source) });
  });
  router.get('/truth', (_request, response) => {
    response.json(Object.fromEntries(apis.map((api) => [api.source, Object.fromEntries(api.truth().map(counted))])));
  });
  router.get('/truth/:source/:stream', async (request, response) => {
    const { source, stream } = request.params;
    const truth = apis
      .find((api) => api.source === source)
      ?.truth()
      .find((one) => one.stream === stream);
    if (truth) await sendTruth(response, truth);
    else response.status(404).json({ error: 'no such source or stream' });
  });

  router.post('/mutations', (request, response) => {
    response.status(202).json(mutations.start(request.body));
  });
  router.get('/mutations', (_request, response) => {
    response.json(mutations.list());
  });
  router.delete('/mutations', (_request, response) => {
    mutations.stop();
    response.json(mutations.list());
  });

  router.post('/faults', (request, response) => {
    faults.arm(request.body);
    response.status(201).json(faults.list());
  });
  router.get('/faults', (_request, response) => {
    response.json(faults.list());
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    response.json(faults.list());
  });
  router.post('/tokens/expire', (request, response) => {
    const { source } = TokensRequest.parse(request.body ?? {});
    const expired = apis.filter((api) => (source ?? api.source) === api.source);
    for (const api of expired) api.expireTokens();
    response.json({ expired: expired.map((api) => api.source) });
  });

  router.get('/requests', (_request, response) => {
    response.json(requests.list());
  });
  router.get('/not-imitated', (_request, response) => {
    response.json(notImitated.list());
  });
  router.delete('/not-imitated', (_request, response) => {
    notImitated.clear();
    response.json(notImitated.list());
  });
  router.use(badRequest);
  return router;
}

const badRequest: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof RangeError) response.status(400).json({ error: error.message });
  else next(error);
};

function counted(truth: TruthStream): [string, number] {
  if (truth.count !== undefined) return [truth.stream, truth.count];
  let count = 0;
  for (const _ of truth.rows) count += 1;
  return [truth.stream, count];
}

const ROWS_PER_WRITE = 500;

/** `{"key":[...],"rows":[...]}`, written as it is made: a million rows need no memory. */
async function sendTruth(response: Response, truth: TruthStream): Promise<void> {
  response.type('json');
  await pipeline(Readable.from(truthText(truth)), response);
}

function* truthText({ key, rows }: TruthStream): Generator<string> {
  yield `{"key":${JSON.stringify(key)},"rows":[`;
  let lines: string[] = [];
  let separator = '';
  for (const row of rows) {
    lines.push(separator + JSON.stringify(row));
    separator = ',\n';
    if (lines.length < ROWS_PER_WRITE) continue;
    yield lines.join('');
    lines = [];
  }
  yield `${lines.join('')}]}`;
}
