/** Enough for an hour at one look in five seconds. */
const SAMPLES_MAX = 720;

interface Sample {
  atMs: number;
  published: number;
}

/** How old the oldest message of each queue is. A queue is first in, first out: what is in it now are the last messages that came in, so the oldest
 *  came when the count of all that ever came in passed what has left by now. As exact as looks are frequent. */
export class QueueAges {
  readonly #samples = new Map<string, Sample[]>();

  /** Takes a look at a queue. Returns seconds; null: it is empty. */
  note(name: string, { messages, published }: { messages: number; published: number }, atMs: number): number | null {
    const samples = this.#samples.get(name) ?? [];
    const last = samples.at(-1);
    // The broker began to count anew.
    if (last !== undefined && published < last.published) samples.length = 0;
    samples.push({ atMs, published });
    if (samples.length > SAMPLES_MAX) samples.shift();
    this.#samples.set(name, samples);
    if (messages === 0) return null;
    const gone = published - messages;
    const before = samples.findLast((sample) => sample.published <= gone) ?? samples[0];
    return before === undefined ? 0 : (atMs - before.atMs) / 1000;
  }
}
