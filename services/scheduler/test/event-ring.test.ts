import { EventRing } from '../src/events/ring.ts';

const event = (n: number) => ({ name: 'run', data: { n } }) as never;
const lastId = (text: string) => [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';

describe('events for a client that comes back', () => {
  it('are those after its Last-Event-ID, each once and in order', () => {
    const ring = new EventRing('0123abcd');
    const seen = lastId(ring.add([event(1)]));
    const missed = ring.add([event(2), event(3)]);
    expect(ring.since(seen)).toBe(`retry: 2000\n\n${missed}`);
    expect(ring.since(lastId(missed))).not.toContain('event: run');
    expect(ring.since(lastId(missed))).not.toContain('event: reset');
  });

  it('are none for a new client, which gets an id to come back with', () => {
    const ring = new EventRing('0123abcd');
    ring.add([event(1)]);
    const first = ring.since(undefined);
    expect(first).not.toContain('event: run');
    const missed = ring.add([event(2)]);
    expect(ring.since(lastId(first))).toContain(missed);
  });

  it('are a reset where they are gone, of another process, from the future, or no id of ours', () => {
    const ring = new EventRing('0123abcd');
    const first = lastId(ring.add([event(0)]));
    ring.add(Array.from({ length: 6_000 }, (_, n) => event(n + 1)));
    for (const id of [first, '89abcdef-1', '0123abcd-999999', 'nonsense', '0123abcd-']) {
      expect(ring.since(id)).toContain('event: reset');
    }
  });
});
