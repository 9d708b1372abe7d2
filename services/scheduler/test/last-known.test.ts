import type { Failure } from '@pipeline/protocol';
import type { Now } from '@pipeline/protocol/api';
import { faultText } from '../../../tests/fault-texts.ts';
import { lastKnown, withoutDatabase } from '../src/observe/last-known.ts';

describe('what was read last', () => {
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  let result: () => Promise<string>;
  const read = () => result();
  const mark = (known: string, { name }: { name: string }) => `${known}, ${name}`;
  beforeEach(() => {
    result = async () => 'known';
  });

  it('is shown, marked, while PostgreSQL cannot be asked, and replaced when it can', async () => {
    const last = lastKnown(read, mark);
    expect(await last()).toBe('known');
    result = () => Promise.reject(refused);
    expect(await last()).toBe('known, database_login_refused');
    result = async () => 'newer';
    expect(await last()).toBe('newer');
  });

  it('is not there before the first read, and hides no defect', async () => {
    result = () => Promise.reject(refused);
    const last = lastKnown(read, mark);
    await expect(last()).rejects.toBe(refused);
    result = async () => 'known';
    await last();
    const defect = new TypeError('a defect');
    result = () => Promise.reject(defect);
    await expect(last()).rejects.toBe(defect);
  });

  it('has the trouble for its verdict, and says that PostgreSQL is away', () => {
    const verdict = { state: 'fine', title: 'Everything is fresh', text: '', count: 2 };
    // The rest of the first page goes through as it is.
    const known = { verdict, vitals: { isDatabaseConnected: true } } as unknown as Now;
    const failure: Failure = { name: 'database_login_refused', code: '28P01', text: '' };
    const shown = withoutDatabase(known, failure);
    expect(shown.verdict).toMatchObject({ state: 'down', count: 2 });
    expect(`${shown.verdict.title}. ${shown.verdict.text}`).toMatch(faultText('statusWithoutDatabase'));
    expect(shown.vitals.isDatabaseConnected).toBe(false);
  });
});
