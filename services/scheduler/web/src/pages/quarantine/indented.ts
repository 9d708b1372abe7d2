const INDENT = '  ';

/** JSON text with line breaks and indentation, every value character for character as it was: `JSON.parse` would round a number of 17 digits. */
export function indented(json: string): string {
  let [depth, out] = [0, ''];
  const newLine = () => `\n${INDENT.repeat(depth)}`;
  for (const token of json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/gs) ?? []) {
    if (token === '{' || token === '[') {
      depth += 1;
      out += `${token}${newLine()}`;
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      // Nothing between the brackets: they stay together.
      out = /[{[]\s*$/.test(out) ? `${out.trimEnd()}${token}` : `${out}${newLine()}${token}`;
    } else if (token === ',') out += `,${newLine()}`;
    else out += token === ':' ? ': ' : token;
  }
  return out;
}
