/** Most staged batches to wait for after rows turned out to exist. */
const PATIENCE_MAX = 256;

/** Whether new batches go directly into the table. That is the cheapest way as long as no key repeats; the first that does costs the attempt,
 *  so after a conflict it takes some batches without any before the next try, each time more. */
export class LoadMode {
  #isFastPath: boolean;
  #patience = 1;
  #quietBatches = 0;

  constructor(tableIsEmpty: boolean) {
    this.#isFastPath = tableIsEmpty;
  }

  get isFastPath(): boolean {
    return this.#isFastPath;
  }

  conflicted(): void {
    this.#isFastPath = false;
    this.#quietBatches = 0;
    this.#patience = Math.min(this.#patience * 2, PATIENCE_MAX);
  }

  /** A staged batch was written; so many of its rows existed. */
  staged(updatedRows: number): void {
    this.#quietBatches = updatedRows === 0 ? this.#quietBatches + 1 : 0;
    if (this.#quietBatches >= this.#patience) this.#isFastPath = true;
  }
}
