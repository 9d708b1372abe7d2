import type { RejectedRecord } from './batch.ts';
import { Needs } from './needs.ts';

/** What came of the records of a batch, or of a part of it. */
export class Encoded {
  rows = 0;
  /** Left out because the contract says so. */
  discarded = 0;
  rejected: RejectedRecord[] = [];
  sanitised = 0;
  tombstones = 0;
  /** With any of them the rows are worth nothing: change the table and encode again. */
  needs = new Needs();
}
