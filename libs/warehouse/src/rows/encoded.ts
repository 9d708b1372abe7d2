import { Needs } from '../table/needs.ts';
import type { RejectedRecord } from '../write/batch.ts';

/** What came of the records of a batch, or of a part of it. */
export class Encoded {
  rows = 0;
  /** Position of each row, when lines are read on the exact path. */
  readonly positions: number[] = [];
  /** Left out because the contract says so. */
  discarded = 0;
  rejected: RejectedRecord[] = [];
  sanitised = 0;
  tombstones = 0;
  /** Records of an older table version than the active one. */
  stale = 0;
  /** Slots of fields that the schema does not declare and some record has, be it null: see {@link Table.undeclared}. */
  readonly mentioned = new Set<number>();
  /** With any of them the rows are worth nothing: change the table and encode again. */
  needs = new Needs();
}
