/** A stream's table as one schema message sees it. Opaque to callers, but for its place. */
export interface Table {
  readonly databaseSchema: string;
  readonly name: string;
  readonly stream: string;
}
