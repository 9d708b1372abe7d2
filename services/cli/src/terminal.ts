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
  paint: (colour: Colour, text: string) => string;
  /** @returns what the person typed; undefined without a terminal */
  ask: (question: string) => Promise<string | undefined>;
}

export function terminal(): Terminal {
  const isTerminal = process.stdout.isTTY === true;
  const line = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    isTerminal,
    line,
    json: (value) => line(JSON.stringify(value, null, isTerminal ? 2 : undefined)),
    hint: (text) => void process.stderr.write(`${text}\n`),
    table: (head, rows) => line(tableOf(head, rows)),
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

function tableOf(head: string[], rows: (string | number)[][]): string {
  const table = new Table({
    head,
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows);
  return table.toString();
}
