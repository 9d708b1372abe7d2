import type { Client } from './client.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface Context {
  output: Terminal;
  client: Client;
  /** `--json`: the API's own response. */
  isJson: () => boolean;
  isYes: () => boolean;
}
