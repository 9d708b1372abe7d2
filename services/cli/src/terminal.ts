import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import Table from 'cli-table3';

type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'gray' | 'bold';

/** Where a command writes: the result on standard output, everything else on standard error. */
export interface Terminal {
  isTerminal: boolean;
  line: (text: string) => void;
  json: (value: unknown) => void;
  hint: (text: string) => void;
  table: (head: string[], rows: (string | number)[][]) => void;
  /** Empties the screen, where there is one. */
  clear: () => void;
  paint: (colour: Colour, text: string) => string;
  /** @returns what the person typed; undefined without a terminal */
  ask: (question: string) => Promise<string | undefined>;
}

/** What a source or a person wrote, without what would move the cursor, hide text or turn its direction: names and records are theirs. Colours,
 *  line ends and tabs stay. */
function harmless(text: string): string {
  return text.replace(HARMFUL, (found) => (KEPT.test(found) ? found : '�'));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is replaced
const HARMFUL = /\u001b\[[\d;]*m|[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it
const KEPT = /^(\u001b\[[\d;]*m|[\n\t])$/;

/** @param shown what becomes of text before it is written */
export function terminal(shown = harmless): Terminal {
  const isTerminal = process.stdout.isTTY === true;
  const write = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    isTerminal,
    line: (text) => write(shown(text)),
    json: (value) => write(JSON.stringify(value, null, isTerminal ? 2 : undefined)),
    hint: (text) => void process.stderr.write(`${shown(text)}\n`),
    table: (head, rows) =>
      write(
        shown(
          tableOf(
            head,
            rows.map((row) => row.map(oneLine)),
          ),
        ),
      ),
    clear: () => void (isTerminal && process.stdout.write('\u001B[H\u001B[2J')),
    // styleText follows NO_COLOR and whether this is a terminal.
    paint: (colour, text) => styleText(colour, text, { stream: process.stdout }),
    ask: async (question) => {
      if (process.stdin.isTTY !== true) return undefined;
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await reader.question(question)).trim();
      } finally {
        reader.close();
      }
    },
  };
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((part) => [part, `${part}-mid`, `${part}-left`, `${part}-right`])
    .map((part) => [part, '']),
);

/** A line end within a cell would tear the row. */
const oneLine = (cell: string | number): string | number =>
  typeof cell === 'string' ? cell.replace(/\s*\r?\n\s*/g, ' ') : cell;

function tableOf(head: string[], rows: (string | number)[][]): string {
  const table = new Table({
    head,
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows);
  return table.toString();
}
