import { waitFor } from '@pipeline/testing';
import { keepUp } from '../src/service/upkeep.ts';
import { keptLog } from './support/deps.ts';

const ENDS_AT = new Date(Date.UTC(2026, 7, 14));

test('a connection that nobody reads has its refresh token used in time, and says until when its access lasts', async () => {
  const done: string[] = [];
  const source = {
    connect: () => Promise.reject(new Error('nothing is read')),
    keepAlive: async () => void done.push('kept alive'),
    endsAt: () => ENDS_AT,
    close: () => undefined,
  };
  const loop = keepUp({
    catalog: { isDue: () => false } as never,
    source,
    signals: { stop: new AbortController().signal, abort: new AbortController().signal },
    onAccessEnd: async (endsAt) => void done.push(endsAt.toISOString()),
    logger: keptLog().logger,
    defects: () => () => undefined,
  });
  await waitFor(() => done.length === 2, { what: 'the refresh' });
  await loop.stop();
  expect(done).toEqual(['kept alive', ENDS_AT.toISOString()]);
});
