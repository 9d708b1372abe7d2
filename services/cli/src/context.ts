import type { Client } from './client.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface Context {
  output: Terminal;
  client: Client;
  /** `--json`: the API's own response. */
  isJson: () => boolean;
  isYes: () => boolean;
  /** The response with `--json`, else the text. */
  show: (response: unknown, text: string) => void;
  /** The response with `--json`, else what it says. */
  showMessage: (response: { message: string }) => void;
  /** The response with `--json`, else a table, or what it means that there is none. */
  showTable: (response: unknown, head: string[], rows: (string | number)[][], empty: string) => void;
}

export function createContext(
  output: Terminal,
  client: Client,
  options: () => { json?: boolean; yes?: boolean },
): Context {
  const isJson = () => options().json === true;
  const show = (response: unknown, text: string) => (isJson() ? output.json(response) : output.line(text));
  return {
    output,
    client,
    isJson,
    isYes: () => options().yes === true,
    show,
    showMessage: (response) => show(response, response.message),
    showTable: (response, head, rows, empty) => {
      if (isJson()) output.json(response);
      else if (rows.length === 0) output.hint(empty);
      else output.table(head, rows);
      const next = nextCursorOf(response);
      if (!isJson() && next !== undefined) output.hint(`there are more: --cursor ${next}`);
    },
  };
}

function nextCursorOf(response: unknown): string | undefined {
  const isPage = typeof response === 'object' && response !== null && 'nextCursor' in response;
  return isPage && typeof response.nextCursor === 'string' ? response.nextCursor : undefined;
}
