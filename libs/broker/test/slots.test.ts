import { Slots } from '../src/slots.ts';

describe('slots', () => {
  it('make the one beyond the count wait until a place is given', async () => {
    const slots = new Slots(2);
    await slots.take();
    await slots.take();
    let hasPlace = false;
    const third = slots.take().then(() => {
      hasPlace = true;
    });
    await Promise.resolve();
    expect(hasPlace).toBe(false);
    slots.release();
    await third;
    expect(hasPlace).toBe(true);
  });

  it('serve in the order of arrival', async () => {
    const slots = new Slots(1);
    await slots.take();
    const order: number[] = [];
    const all = [1, 2, 3].map((n) => slots.take().then(() => order.push(n)));
    for (let given = 0; given < 3; given += 1) slots.release();
    await Promise.all(all);
    expect(order).toEqual([1, 2, 3]);
  });

  it('do not lose a place that is handed over in the moment of an abort', async () => {
    const slots = new Slots(1);
    await slots.take();
    const abort = new AbortController();
    const waiting = slots.take(abort.signal);
    abort.abort(new Error('gone'));
    slots.release();
    await expect(waiting).rejects.toThrow('gone');
    await expect(slots.take()).resolves.toBeUndefined();
  });

  it('forget the one in line who has left', async () => {
    const slots = new Slots(1);
    await slots.take();
    const abort = new AbortController();
    const left = slots.take(abort.signal);
    const stayed = slots.take();
    abort.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    slots.release();
    await expect(stayed).resolves.toBeUndefined();
  });
});
