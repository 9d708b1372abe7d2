/** One table of one organisation. */
export interface TruthPart {
  stream: string;
  /** Besides the tenant. */
  key: string[];
  rows: () => Iterable<Record<string, unknown>>;
}
