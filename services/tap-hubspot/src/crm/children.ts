import type { JsonObject } from '@pipeline/singer';
import type { HttpClient, StreamShape } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';
import type { Faulty } from './batch.ts';
import type { CrmObject } from './crm-object.ts';

/** Where a child stream reads. */
export interface ChildAccess {
  http: HttpClient;
  settings: Settings;
}

/** A child stream: rows that belong to an object. */
export interface Children {
  shape: StreamShape;
  /** Child column to parent column. */
  parentKey: Record<string, string>;
  /** They change without a sign on the parent: all of them are read again from time to time. */
  isSwept: boolean;
  /** Requests for the children of this many parents. */
  calls: (parents: number) => number;
  /** Proves that they can be read, in one request. Undefined: needs none. */
  probe?: (access: ChildAccess) => Promise<void>;
  /** All children of these parents. @throws PipelineError when none can be read */
  read: (access: ChildAccess, parents: readonly CrmObject[]) => Promise<{ rows: JsonObject[]; faulty: Faulty[] }>;
}
