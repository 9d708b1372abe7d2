import { PipelineError } from '@pipeline/protocol';
import { objectSchema } from '@pipeline/singer';
import type { Extract } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import { ChildReaders } from '../src/crm/child-readers.ts';
import type { Children } from '../src/crm/children.ts';
import type { Page } from '../src/crm/pages.ts';
import { withChildren } from '../src/crm/with-children.ts';
import { Settings } from '../src/settings.ts';

const access = {
  http: clientOf(() => Promise.resolve({})),
  settings: Settings.parse({ access_token: 'pat-na1-x' }),
};
const crmObject = (id: number) => ({
  ...{ id: String(id), properties: {}, createdAt: 'x', updatedAt: 'x', archived: false },
});
/** Groups of a thousand objects, a page each. */
const page = (group: number, after?: string): Page => ({
  objects: Array.from({ length: 1_000 }, (_, index) => crmObject(group * 1_000 + index)),
  after,
  faulty: [],
});

const childOf = (read: Children['read']): Children => ({
  shape: { name: 'pairs', keyProperties: ['id'], schema: objectSchema({}) },
  ...{ parentKey: { id: 'id' }, isSwept: false, calls: () => 1, read },
});
const child = (log: string[], wait: Promise<void> = Promise.resolve()) =>
  childOf(async (_access, parents) => {
    const first = parents[0]?.id ?? '';
    log.push(`children of ${first}`);
    await wait;
    return { rows: [{ id: first }], faulty: [] };
  });

async function read(pages: AsyncIterable<Page>, children: Children[], extracts: Extract[] = []) {
  const reading = withChildren(pages, new ChildReaders(access, children), {
    ofPage: ({ objects }) => [{ type: 'records', stream: 'parents', records: [{ id: objects[0]?.id }] }],
    bookmarkAfter: ({ after }) => (after === undefined ? undefined : { after }),
  });
  for await (const extract of reading) extracts.push(extract);
  return extracts;
}

const shown = (extracts: Extract[]) =>
  extracts.map((extract) => {
    if (extract.type === 'checkpoint') return `checkpoint ${extract.bookmark['after']}`;
    return extract.type === 'records' ? `${extract.stream} ${extract.records[0]?.['id']}` : extract.type;
  });

describe('withChildren', () => {
  it('lists the next group while the children of the last one are read', async () => {
    const log: string[] = [];
    let listed: () => void = () => undefined;
    const secondIsListed = new Promise<void>((resolve) => {
      listed = resolve;
    });
    async function* pages() {
      yield page(0, 'a');
      // Were it asked for only after the children, both would wait for ever.
      listed();
      yield page(1, 'b');
      yield page(2);
    }
    const extracts = await read(pages(), [child(log, secondIsListed)]);
    expect(log).toEqual(['children of 0', 'children of 1000', 'children of 2000']);
    expect(shown(extracts).filter((text) => text.startsWith('pairs'))).toEqual(['pairs 0', 'pairs 1000', 'pairs 2000']);
  });

  it('lets a checkpoint wait for the children of everything before it', async () => {
    async function* pages() {
      yield page(0, 'a');
      yield page(1, 'b');
      yield page(2);
    }
    const order = shown(await read(pages(), [child([])]));
    expect(order.indexOf('checkpoint a')).toBe(order.indexOf('pairs 0') + 1);
    expect(order.indexOf('checkpoint b')).toBe(order.indexOf('pairs 1000') + 1);
    expect(order.at(-1)).toBe('pairs 2000');
  });

  it('keeps what was read when the list fails behind it', async () => {
    async function* pages() {
      yield page(0, 'a');
      throw new Error('gone');
    }
    const extracts: Extract[] = [];
    await expect(read(pages(), [child([])], extracts)).rejects.toThrow('gone');
    expect(shown(extracts)).toEqual(['parents 0', 'pairs 0', 'checkpoint a']);
  });

  it('puts no checkpoint behind children that a limit of the day cut off', async () => {
    const used = new PipelineError({
      code: 'SOURCE_RATE_LIMITED',
      recovery: 'retry',
      message: 'used up',
      context: { stopsRun: true },
    });
    async function* pages() {
      yield page(0, 'a');
      yield page(1);
    }
    const extracts: Extract[] = [];
    await expect(read(pages(), [childOf(() => Promise.reject(used))], extracts)).rejects.toThrow('used up');
    expect(shown(extracts).filter((text) => text.startsWith('checkpoint'))).toEqual([]);
  });

  it('goes on without a child that fails on its own, and says so once', async () => {
    const refused = new PipelineError({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: 'no scope' });
    async function* pages() {
      yield page(0, 'a');
      yield page(1, 'b');
      yield page(2);
    }
    const order = shown(await read(pages(), [childOf(() => Promise.reject(refused))]));
    expect(order.filter((text) => text === 'incomplete').length).toBe(1);
    expect(order).toContain('checkpoint b');
  });
});
