import type { JsonObject } from '@pipeline/singer';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { secondOf } from '../src/instant.ts';
import { planRead } from '../src/read-plan.ts';
import { Settings } from '../src/settings.ts';

const FIRST = '2026-01-01T10:00:00.000Z';
const SECOND = '2026-01-01T11:00:00.250Z';

function plan(options: { startedAt: string; bookmark?: JsonObject; fullRead?: boolean; count: number | undefined }) {
  return planRead(
    {
      settings: Settings.parse({ token: 't' }),
      http: clientOf(async () => null),
      cached: uncached,
      bookmark: options.bookmark,
      fullRead: options.fullRead ?? false,
      startedAt: options.startedAt,
      isSelected: () => true,
      signal: new AbortController().signal,
    },
    async () => options.count,
  );
}

describe('planRead', () => {
  it('reads everything the first time', async () => {
    await expect(plan({ startedAt: FIRST, count: 7 })).resolves.toEqual({
      updatedSince: undefined,
      createdBefore: secondOf('2026-01-01T10:00:01Z'),
      bookmark: { updatedDate: '2026-01-01T09:55:00Z', createdBefore: '2026-01-01T10:00:01Z', rows: 7 },
    });
  });

  it('reads what was updated since the last read, less the look-back, when no row is gone', async () => {
    const { bookmark } = await plan({ startedAt: FIRST, count: 7 });
    const next = await plan({ startedAt: SECOND, bookmark, count: 7 });
    expect(next.updatedSince).toBe(secondOf('2026-01-01T09:55:00Z'));
  });

  it.each([6, 8])('reads everything when 7 counted rows have become %i', async (count) => {
    const { bookmark } = await plan({ startedAt: FIRST, count: 7 });
    await expect(plan({ startedAt: SECOND, bookmark, count })).resolves.toMatchObject({ updatedSince: undefined });
  });

  it('goes on incrementally where the API does not count', async () => {
    const { bookmark } = await plan({ startedAt: FIRST, count: undefined });
    expect(bookmark).toMatchObject({ rows: null });
    const next = await plan({ startedAt: SECOND, bookmark, count: undefined });
    expect(next.updatedSince).toBeDefined();
  });

  it('reads everything when asked to, or when the bookmark is not one of ours', async () => {
    const { bookmark } = await plan({ startedAt: FIRST, count: 7 });
    const asked = await plan({ startedAt: SECOND, bookmark, fullRead: true, count: 7 });
    const strange = await plan({ startedAt: SECOND, bookmark: { replication_key_value: 'x' }, count: 7 });
    expect([asked.updatedSince, strange.updatedSince]).toEqual([undefined, undefined]);
  });

  it('includes the second in which it starts, even at its very beginning', async () => {
    const { createdBefore } = await plan({ startedAt: FIRST, count: 7 });
    expect(createdBefore).toBeGreaterThan(secondOf(FIRST));
  });
});
