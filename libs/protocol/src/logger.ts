/** Where a library writes what a person should read. pino satisfies it; so does a test's array.
 *  Fields carry ids, counts and durations, never a secret or a record value. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
  /** A logger whose every line carries these fields as well. */
  child(fields: object): Logger;
}
