export interface Batch {
  /** `_sdc_sequence` of every row: a row is replaced only by a greater one. Within a batch the last record of a key wins. */
  sequence: bigint;
  /** When the batch reached the loader: `_sdc_received_at`. */
  receivedAt: Date;
  /** Rejected records that the batch may have; with more of them it ends at once instead of trying every row. Asked only when PostgreSQL has refused
   *  something. @default no limit */
  rejectedMax?: () => Promise<number>;
}

export interface WriteResult {
  /** Records accepted: also those that the table already holds in a newer form, that a later record of the batch replaces, or that the contract
   *  discards. loaded + rejected = records in the batch. */
  loaded: number;
  rejected: RejectedRecord[];
  /** Values changed because PostgreSQL cannot hold them: NUL and lone surrogates (to U+FFFD), NaN inside JSON (to a string), the empty string where no text stands (to NULL). */
  sanitised: number;
  /** Of the loaded: records of an older table version than the active one, which are left out. */
  stale: number;
}

/** A record that does not fit, for the quarantine. */
export interface RejectedRecord {
  /** Of the record in the batch, from 0. */
  position: number;
  /** Column to blame, where known. */
  column: string | null;
  /** What PostgreSQL says or would say: 22P02, 23502. */
  sqlstate: string;
  /** Plain words without the value. */
  reason: string;
  /** The RECORD line as the tap wrote it. */
  record: string;
}
