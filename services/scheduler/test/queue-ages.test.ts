import { QueueAges } from '../src/observe/queue-ages.ts';

describe('the age of the oldest message', () => {
  it('is what passed since the messages came that are still there', () => {
    const ages = new QueueAges();
    expect(ages.note('loader.xero', { messages: 0, published: 10 }, 0)).toBeNull();
    expect(ages.note('loader.xero', { messages: 4, published: 14 }, 5_000)).toBe(5);
    expect(ages.note('loader.xero', { messages: 6, published: 18 }, 10_000)).toBe(10);
    expect(ages.note('loader.xero', { messages: 3, published: 18 }, 15_000)).toBe(10);
    expect(ages.note('loader.xero', { messages: 0, published: 18 }, 20_000)).toBeNull();
  });

  it('begins anew with a broker that does, and knows queues apart', () => {
    const ages = new QueueAges();
    ages.note('a', { messages: 5, published: 100 }, 0);
    expect(ages.note('a', { messages: 5, published: 5 }, 60_000)).toBe(0);
    expect(ages.note('b', { messages: 5, published: 5 }, 60_000)).toBe(0);
  });
});
