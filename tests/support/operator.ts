import type { Random } from '../../services/sandbox/src/random.ts';
import type { Platform } from './platform.ts';

/** Something that an operator does during a live run. */
export interface Command {
  /** As in `audit_log`. */
  action: string;
  /** Calls the scheduler's API and returns the status of its response. Undefined: there is nothing to do it with. */
  run(platform: Platform, random: Random): Promise<number | undefined>;
}

const PIPELINE = '/pipelines/hubspot';
const STREAMS = ['deals', 'contacts', 'companies', 'line_items', 'owners'];
const streamPath = (random: Random) => `${PIPELINE}/streams/${random.pick(STREAMS)}`;

/** All that changes something, for the pipeline `hubspot`. */
export const COMMANDS: Command[] = [
  {
    action: 'request-run',
    run: (platform, random) => call(platform, 'POST', `${PIPELINE}/runs`, { fullRead: random.chance(0.5) }),
  },
  { action: 'pause', run: (platform) => call(platform, 'POST', `${PIPELINE}/pause`) },
  { action: 'resume', run: (platform) => call(platform, 'POST', `${PIPELINE}/resume`) },
  {
    action: 'cancel-run',
    run: async (platform) => {
      const run = await randomRow(platform, `select id from pipeline.runs where status = 'running'`);
      return run && call(platform, 'POST', `/runs/${run.id}/cancel`);
    },
  },
  { action: 'reset-state', run: (platform, random) => call(platform, 'DELETE', `${streamPath(random)}/state`) },
  {
    action: 'set-state',
    // A bookmark of some time ago: what is read again changes nothing.
    run: async (platform) => {
      const state = await randomRow(platform, 'select stream, value from pipeline.states');
      return state && call(platform, 'PUT', `${PIPELINE}/streams/${state.stream}/state`, state.value);
    },
  },
  { action: 'refresh-stream', run: (platform, random) => call(platform, 'POST', `${streamPath(random)}/refresh`) },
  {
    action: 'backfill-stream',
    run: (platform, random) => call(platform, 'POST', `${streamPath(random)}/backfill`, { from: '2020-01-01' }),
  },
  ...['replay', 'skip', 'discard'].map((verb) => ({
    action: `${verb}-dead-letter`,
    run: async (platform: Platform) => {
      const letter = await randomRow(platform, `select id::text from pipeline.dead_letters where status = 'open'`);
      return letter && call(platform, 'POST', `/dead-letters/${letter.id}/${verb}`);
    },
  })),
  ...['replay', 'discard'].map((verb) => ({
    action: `${verb}-rejected`,
    run: async (platform: Platform) => {
      const record = await randomRow(platform, `select id::text from pipeline.rejected_records where status = 'open'`);
      return record && call(platform, 'POST', `/rejected-records/${verb}`, { ids: [record.id] });
    },
  })),
];

async function call(platform: Platform, method: string, path: string, body?: unknown): Promise<number> {
  const response = await fetch(`${platform.service('scheduler').url()}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.apiToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

async function randomRow({ database }: Platform, query: string) {
  const { rows } = await database.pool.query<{ id: string; stream: string; value: object }>(
    `${query} order by random() limit 1`,
  );
  return rows[0];
}
