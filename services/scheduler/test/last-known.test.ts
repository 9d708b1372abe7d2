import { lastKnown } from '../src/observe/last-known.ts';

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
});
