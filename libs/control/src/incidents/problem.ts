/** Something that a person should know of now, in the words that page, command line and alert use. */
export interface Problem {
  kind: string;
  /** What it is about: with the kind it names the problem. */
  subject: string;
  /** Upper case, stable. */
  code: string;
  severity: 'fail' | 'warn';
  title: string;
  cause: string;
  remedy: string;
  effect: string;
  pipeline: string | null;
  stream: string | null;
  runId: string | null;
  since: Date;
}

/** Told in alerts and lists, but nothing for a person to do: does not count in the verdict. */
export const NOTICES = new Set(['late_stream', 'schema_change', 'zero_rows']);
