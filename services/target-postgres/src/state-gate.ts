import type { Json } from '@pipeline/singer';

/** Holds STATEs back until everything before them is committed, in all streams. Lines are known by their number. */
export class StateGate {
  readonly #uncommitted = new Map<object, number>();
  #waiting: { line: number; value: Json }[] = [];

  /** Something that begins at this line is not committed yet. */
  open(what: object, line: number): void {
    if (!this.#uncommitted.has(what)) this.#uncommitted.set(what, line);
  }

  /** Its part before this line is committed. */
  advance(what: object, line: number): void {
    this.#uncommitted.set(what, line);
  }

  /** It is committed now, or has moved into something that was opened before. */
  close(what: object): void {
    this.#uncommitted.delete(what);
  }

  state(line: number, value: Json): void {
    this.#waiting.push({ line, value });
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The newest STATE that may be told, once. Older ones say less. */
  take(): { value: Json } | undefined {
    let limit = Number.POSITIVE_INFINITY;
    for (const line of this.#uncommitted.values()) limit = Math.min(limit, line);
    const passed = this.#waiting.findLast((state) => state.line < limit);
    this.#waiting = this.#waiting.filter((state) => state.line > limit);
    return passed && { value: passed.value };
  }
}
