/** One write to the COPY stream becomes one message to the server. */
export const CHUNK_BYTES = 256 * 1024;

/** 8 MiB: what two batches have under way. */
const KEPT_MAX = 32;

/** Buffers for COPY that are used again: memory outside the heap is slow to allocate and to free. */
export class ChunkPool {
  readonly #free: Buffer[] = [];

  /** Buffers for one COPY. */
  lease(): ChunkLease {
    const leased: Buffer[] = [];
    return {
      allocate: (bytes) => {
        if (bytes !== CHUNK_BYTES) return Buffer.allocUnsafeSlow(bytes);
        const chunk = this.#free.pop() ?? Buffer.allocUnsafeSlow(bytes);
        leased.push(chunk);
        return chunk;
      },
      release: () => {
        for (const chunk of leased) if (this.#free.length < KEPT_MAX) this.#free.push(chunk);
      },
    };
  }
}

export interface ChunkLease {
  allocate: (bytes: number) => Buffer;
  /** Only when the server has confirmed the COPY: until then the socket may hold them. */
  release: () => void;
}
