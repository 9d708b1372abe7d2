import type { Queryable } from '@pipeline/postgres';
import type { AlertKind } from './alert-kinds.ts';
import * as statements from './observe.sql.ts';

/** Something that does not mend itself, or has not for a while. */
export interface Alert {
  kind: AlertKind;
  /** What it is about: a pipeline, a stream, a queue. */
  subject: string;
  since: Date;
  message: string;
  /** What to do. */
  remedy: string;
  /** SQLSTATE, or the code of an error, where there is one; else the kind in capitals. */
  code: string;
}

/** Everything that a person should look at now, oldest first; empty while all is well. */
export function listAlerts(db: Queryable): Promise<Alert[]> {
  return statements.selectAlerts.all(db);
}
