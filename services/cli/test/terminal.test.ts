import { jest } from '@jest/globals';
import { terminal } from '../src/terminal.ts';

const CURSOR = '\u001B[2J\u001B[H';
const TURN = '\u202E';
const HOSTILE = `${CURSOR}all is well\r${TURN}evil\u0007`;

/** What is written by these lines. */
function written(shown?: (text: string) => string): string {
  let text = '';
  const writing = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    }),
  );
  try {
    const output = terminal(shown);
    output.line(HOSTILE);
    output.hint(HOSTILE);
    output.table(['name'], [[HOSTILE]]);
  } finally {
    for (const spy of writing) spy.mockRestore();
  }
  return text;
}

describe('the terminal', () => {
  it('shows names and records as text: nothing of them moves the cursor or turns what stands beside them', () => {
    const text = written();
    expect(text.match(/all is well/g)).toHaveLength(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(text).not.toMatch(/\u001B\[[2H]|\u0007|\r|\u202E/);
  });

  it('would be cleared and turned by a name if it wrote it as it is (mutation)', () => {
    const text = written((shown) => shown);
    expect(text).toContain(CURSOR);
    expect(text).toContain(TURN);
  });

  it('keeps colours, line ends and tabs', () => {
    const lines: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    terminal().line('\u001B[31m!\u001B[39m\n\tmore');
    spy.mockRestore();
    expect(lines).toEqual(['\u001B[31m!\u001B[39m\n\tmore\n']);
  });
});
