import { randomBytes } from 'node:crypto';
import { connectBroker } from '@pipeline/broker';
import { DEAD_EXCHANGE } from '@pipeline/protocol';
import { CreatedToken } from '@pipeline/protocol/api';
import { waitFor } from '@pipeline/testing';
import { logger } from '../../../services/scheduler/test/support/api-server.ts';
import type { MessageWatch } from '../../support/message-watch.ts';
import type { Platform } from '../../support/platform.ts';
import { findSecrets, type Places, readEvents } from '../../support/secret-search.ts';
import { storedTokens } from '../../support/secrets-known.ts';

const STORY_MS = 60_000;
/** Each Xero run after the first obtains tokens of its own. */
const TOKENS_MIN = 4;

/** Nothing that people or programs read shows a token: neither one that was configured nor one that was obtained in these cycles. */
export function tellSecrets(told: () => { platform: Platform; messages: MessageWatch; places: () => Places }): void {
  describe('a token', () => {
    let stopReading: () => Promise<string>;
    let places: Places;
    let made: string;
    beforeAll(async () => {
      const { platform } = told();
      stopReading = readEvents(platform);
      made = await makeToken(platform);
      const events = await stopReading();
      places = [...told().places(), ['events of the page', [Buffer.from(events)]]];
    }, STORY_MS);

    it(
      'stands in no log, message, table, response, metric, trace or event',
      async () => {
        const { platform, messages } = told();
        const { found, searched, secrets } = await findSecrets(platform, [...places, ...messages.seen], [made]);
        expect(found).toEqual([]);
        const stored = await storedTokens(platform);
        expect(platform.sandbox.issuedTokens()).toEqual(expect.arrayContaining(stored));
        expect(stored.length).toBeGreaterThanOrEqual(3);
        expect(platform.sandbox.issuedTokens().length).toBeGreaterThanOrEqual(TOKENS_MIN);
        expect(secrets).toEqual(
          expect.arrayContaining([...stored, platform.environment['XERO_CLIENT_SECRET'], platform.apiToken]),
        );
        expect(searched).toEqual(
          expect.arrayContaining([
            ...['message to pipeline.singer', 'message to pipeline.commands', 'message to pipeline.events'],
            ...['log of tap-xero', 'metrics of tap-xero', '/', '/api/now', '/api/connections/xero'],
            ...[
              'pipeline.credentials',
              'pipeline.log_lines',
              'pipeline.idempotency_keys',
              'xero.invoices',
              'wrike.tasks',
            ],
            ...['events of the page', 'traces', 'lineage'],
          ]),
        );
      },
      STORY_MS,
    );

    it(
      'would be found in each of them (mutation)',
      async () => {
        const { platform, messages } = told();
        const [refreshToken = '', accessToken = ''] = await storedTokens(platform);
        const { pool } = platform.database;
        await pool.query('create table xero.canary (id integer, sealed bytea, secret text)');
        await pool.query('insert into xero.canary values (1, $1, null)', [Buffer.from(refreshToken)]);
        await pool.query('create table pipeline.canary (secret jsonb)');
        await pool.query('insert into pipeline.canary values ($1)', [JSON.stringify({ kept: accessToken })]);
        const broker = await connectBroker({ url: platform.brokerUrl, name: 'canary', logger });
        const message = { routingKey: 'canary', messageId: 'canary', type: 'canary', contentType: 'text/plain' };
        await broker
          .publisher({ mandatory: false })
          .publish({ ...message, exchange: DEAD_EXCHANGE, headers: { secret: refreshToken }, body: Buffer.alloc(0) });
        await broker.close();
        const isSeen = async () =>
          messages.seen.get('message to pipeline.dead')?.some((text) => text.includes('canary'));
        await waitFor(isSeen, { what: 'the message' });
        const basic = Buffer.from(`client:${platform.environment['XERO_CLIENT_SECRET']}`).toString('base64');
        const log: Places = [['a log', [Buffer.from(`authorization: Basic ${basic}`)]]];
        const { found } = await findSecrets(platform, [...log, ...messages.seen]);
        await pool.query('drop table xero.canary, pipeline.canary');
        expect(found.sort()).toEqual(['a log', 'message to pipeline.dead', 'pipeline.canary', 'xero.canary']);
      },
      STORY_MS,
    );
  });
}

/** As a person makes an access token on the page. */
async function makeToken({ service, apiToken }: Platform): Promise<string> {
  const response = await fetch(`${service('scheduler').url()}/api/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiToken}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(8).toString('hex'),
    },
    body: JSON.stringify({ name: 'canary', role: 'viewer' }),
  });
  return CreatedToken.parse(await response.json()).token;
}
