import type { Json } from '@pipeline/singer';

interface WaitingState {
  line: number;
  value: Json;
}

/** STATEs that wait at the same time. Beyond it every other one is forgotten, never the newest: what is told then is older, not wrong. */
const WAITING_MAX = 256;

/** Holds STATEs back until everything before them is committed, in all streams. Lines are known by their number. Each STATE costs the
 *  same, however many wait. */
export class StateGate {
  readonly #uncommitted = new Map<object, number>();
  /** In the order of their lines. */
  #waiting: WaitingState[] = [];
  /** First line that is not committed; undefined when it has to be looked for. */
  #limit: number | undefined = Number.POSITIVE_INFINITY;

  /** Something that begins at this line is not committed yet. */
  open(what: object, line: number): void {
    if (this.#uncommitted.has(what)) return;
    this.#uncommitted.set(what, line);
    if (this.#limit !== undefined && line < this.#limit) this.#limit = line;
  }

  /** Its part before this line is committed. */
  advance(what: object, line: number): void {
    this.#uncommitted.set(what, line);
    this.#limit = undefined;
  }

  /** What was opened as `from` is now `to`, from the same line on. */
  move(from: object, to: object): void {
    const line = this.#uncommitted.get(from);
    if (line === undefined) return;
    this.#uncommitted.delete(from);
    this.#uncommitted.set(to, line);
  }

  /** It is committed now, or has moved into something that was opened before. */
  close(what: object): void {
    if (this.#uncommitted.get(what) === this.#limit) this.#limit = undefined;
    this.#uncommitted.delete(what);
  }

  state(line: number, value: Json): void {
    this.#waiting.push({ line, value });
    if (this.#waiting.length <= WAITING_MAX) return;
    this.#waiting = this.#waiting.filter((_, index, all) => index % 2 === 1 || index === all.length - 1);
  }

  /** The newest STATE that may be told, once. Older ones say less. */
  take(): { value: Json } | undefined {
    const [first] = this.#waiting;
    const limit = this.#firstUncommitted();
    if (first === undefined || first.line > limit) return undefined;
    const covered = this.#waiting.findLastIndex((state) => state.line < limit);
    const passed = this.#waiting[covered];
    this.#waiting = this.#waiting.slice(covered + 1);
    return passed && { value: passed.value };
  }

  #firstUncommitted(): number {
    if (this.#limit !== undefined) return this.#limit;
    let limit = Number.POSITIVE_INFINITY;
    for (const line of this.#uncommitted.values()) limit = Math.min(limit, line);
    this.#limit = limit;
    return limit;
  }
}
