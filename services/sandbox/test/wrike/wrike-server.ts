import { z } from 'zod';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';

const Row = z.looseObject({ id: z.string() });
export type Row = z.infer<typeof Row>;

const Page = z.object({
  kind: z.string(),
  nextPageToken: z.string().optional(),
  responseSize: z.number().optional(),
  data: z.array(Row),
});

export interface WrikeServer {
  readonly sandbox: Sandbox;
  /** A path below /api/v4, with a token unless the headers say otherwise. */
  ask: (path: string, headers?: Record<string, string>) => Promise<Response>;
  page: (path: string) => Promise<z.infer<typeof Page>>;
}

/** The imitated Wrike for the tests of this file. */
export function useWrike(deals: number): WrikeServer {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ deals, only: ['wrike'], rateLimitFactor: 1_000, tokens: { wrike: ['t'] } });
  });
  afterAll(() => sandbox.stop());
  const ask: WrikeServer['ask'] = (path, headers = { authorization: 'Bearer t' }) =>
    fetch(`${sandbox.url('wrike')}/api/v4${path}`, { headers });
  return {
    get sandbox() {
      return sandbox;
    },
    ask,
    page: async (path) => Page.parse(await (await ask(path)).json()),
  };
}
