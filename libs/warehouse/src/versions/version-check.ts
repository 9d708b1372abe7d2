import type { Value } from '../rows/record-reader.ts';

/** Whether a record is of an older table version than the active one. One without a version is of none. */
export function isStaleVersion(version: Value | undefined, active: bigint | undefined): boolean {
  if (active === undefined || version?.kind !== 'number' || !/^-?\d{1,18}$/.test(version.text)) return false;
  return BigInt(version.text) < active;
}

/** The same for the bytes of a version: mostly they are those of the record before. */
export class VersionCheck {
  readonly #active: bigint | undefined;
  #last: Buffer | undefined;
  #isCurrent = false;

  constructor(active: bigint | undefined) {
    this.#active = active;
  }

  isCurrent(source: Uint8Array, start: number, end: number): boolean {
    const bytes = Buffer.from(source.buffer, source.byteOffset + start, end - start);
    if (this.#last?.equals(bytes) !== true) {
      this.#last = Buffer.from(bytes);
      this.#isCurrent = !isStaleVersion({ kind: 'number', text: bytes.toString() }, this.#active);
    }
    return this.#isCurrent;
  }
}
