import { connectTap } from '@pipeline/tap-kit/testing';
import { tap } from '../src/tap.ts';
import { runTap } from './support/run-tap.ts';
import { type ServedAccount, serveAccount } from './support/server.ts';

let account: ServedAccount;
afterEach(() => account.close());

const run = (select: string[]) => runTap(account.url, select);

async function check() {
  const settings = { access_token: 'pat-na1-sandbox', base_url: account.url };
  const connected = await connectTap(tap, settings, { now: () => account.clock.now });
  return (await tap.check?.(connected).finally(connected.close)) ?? [];
}

describe("an account's own type of objects", () => {
  const rows = (records: string[], name: string) =>
    records.filter((line) => line.includes(`"stream":"${name}"`)).length;

  it('that meets the limit of the day while it is looked for waits for the next day, alone', async () => {
    let isUsedUp = true;
    account = await serveAccount({}, ({ url }, response) => {
      if (!isUsedUp || url?.startsWith('/crm-object-schemas') !== true) return false;
      response.writeHead(429, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'error', errorType: 'RATE_LIMIT', policyName: 'DAILY' }));
      return true;
    });
    const today = await run(['deals', 'custom_machine']);
    expect([today.code, rows(today.records, 'deals') > 50, rows(today.records, 'custom_machine')]).toEqual([
      3,
      true,
      0,
    ]);
    expect(today.stderr).toMatch(/custom_machine is incomplete: SOURCE_RATE_LIMITED: .* until midnight/);
    isUsedUp = false;
    const tomorrow = await run(['deals', 'custom_machine']);
    expect([tomorrow.code, rows(tomorrow.records, 'custom_machine') > 0]).toEqual([0, true]);
  });

  it('that is gone fails alone, by its name', async () => {
    account = await serveAccount();
    const { records, stderr, code } = await run(['deals', 'custom_gone']);
    expect([code, rows(records, 'deals') > 50]).toEqual([1, true]);
    expect(stderr).toMatch(/custom_gone failed: UNKNOWN_STREAM: no such stream: custom_gone/);
  });

  it('is named by a check, or the scope that is missing to list them', async () => {
    account = await serveAccount({ missingScopes: ['crm.schemas.custom.read'] });
    expect(await check()).toContainEqual({
      stream: 'custom_objects',
      isReadable: false,
      reason: expect.stringContaining('crm.schemas.custom.read'),
    });
    await account.close();
    account = await serveAccount();
    expect(await check()).toContainEqual({ stream: 'custom_machine', isReadable: true });
  });
});
