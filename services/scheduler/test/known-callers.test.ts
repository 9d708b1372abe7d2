import type { Pool } from '@pipeline/postgres';
import type { Request } from 'express';
import { findCaller } from '../src/access/caller.ts';
import { KnownCallers } from '../src/access/known-callers.ts';

const MINUTE_MS = 60_000;
const TOKEN = { id: '1', name: 'olga', role: 'admin', isNoted: true, expiresAt: null };

/** A request with this token, as far as it is looked at. */
const requestWith = (token: string, method = 'GET') =>
  ({ method, get: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined) }) as unknown as Request;

describe('who called shortly before', () => {
  let time = 0;
  let trouble: unknown;
  const pool = {
    query: async () => (trouble === undefined ? { rows: [TOKEN], rowCount: 1 } : Promise.reject(trouble)),
  };
  const callers = new KnownCallers(() => time);
  const find = (token: string, method?: string) => callers.find(pool as unknown as Pool, requestWith(token, method));
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  beforeEach(async () => {
    trouble = undefined;
    time = 0;
    await find('known');
    trouble = refused;
  });

  it('may go on reading while PostgreSQL cannot say who it is, and change nothing', async () => {
    expect(await find('known')).toMatchObject({ name: 'olga', role: 'admin' });
    await expect(find('known', 'POST')).rejects.toBe(refused);
  });

  it('would not see what the trouble is if PostgreSQL alone said who it is (mutation)', async () => {
    await expect(findCaller(pool as unknown as Pool, requestWith('known'))).rejects.toBe(refused);
  });

  it('is forgotten after a quarter of an hour, and nobody else is let in', async () => {
    await expect(find('another')).rejects.toBe(refused);
    time = 16 * MINUTE_MS;
    await expect(find('known')).rejects.toBe(refused);
  });

  it('is not let in by a defect', async () => {
    trouble = new TypeError('a defect');
    await expect(find('known')).rejects.toBe(trouble);
  });
});
