import { invalidQuery } from './failure.ts';

export type Comparable = string | number | boolean | undefined;

/** Reads a field of an item. @throws ApiFailure when the type has no such field. */
export type FieldReader<Item> = (name: string) => (item: Item, row: number) => Comparable;

export type Filter<Item> = (item: Item, row: number) => boolean;

const LENGTH_MAX = 2_000;

const TOKEN =
  /\s*(?:(?<operator>==|!=|<=|>=|<|>|=)|(?<punctuation>[(),]|&&|\|\|)|"(?<text>[^"]*)"|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w.]*))/y;

type Token = { kind: 'operator' | 'punctuation' | 'text' | 'number' | 'word'; text: string };

/** Reads the part of Xero's `where` language that its documentation shows: comparisons of a field with a text, a number,
 *  `true`, `false`, `null`, `Guid("...")` or `DateTime(2024,01,31)`, and `.Contains`, `.StartsWith` and `.EndsWith` of a text, joined with AND,
 *  OR and parentheses.
 *  @throws ApiFailure 400 QueryParseException */
export function parseWhere<Item>(text: string, field: FieldReader<Item>): Filter<Item> {
  const parser = new WhereParser(tokens(text), field);
  return parser.parse();
}

function tokens(text: string): Token[] {
  if (text.length > LENGTH_MAX) throw invalidQuery('The query is too long');
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw invalidQuery(`Syntax error at position ${at}`);
    for (const kind of ['operator', 'punctuation', 'text', 'number', 'word'] as const) {
      const value = groups[kind];
      if (value !== undefined) found.push({ kind, text: value });
    }
  }
  return found;
}

class WhereParser<Item> {
  readonly #tokens: Token[];
  readonly #field: FieldReader<Item>;
  #next = 0;

  constructor(tokens: Token[], field: FieldReader<Item>) {
    this.#tokens = tokens;
    this.#field = field;
  }

  parse(): Filter<Item> {
    const filter = this.#either();
    if (this.#next < this.#tokens.length) throw invalidQuery('Syntax error');
    return filter;
  }

  #either(): Filter<Item> {
    const filters = [this.#all()];
    while (this.#takes('OR', '||')) filters.push(this.#all());
    return (item, row) => filters.some((filter) => filter(item, row));
  }

  #all(): Filter<Item> {
    const filters = [this.#term()];
    while (this.#takes('AND', '&&')) filters.push(this.#term());
    return (item, row) => filters.every((filter) => filter(item, row));
  }

  #term(): Filter<Item> {
    if (!this.#takes('(')) return this.#comparison();
    const filter = this.#either();
    this.#expect(')');
    return filter;
  }

  #comparison(): Filter<Item> {
    const word = this.#take('word');
    const method = /^(.+)\.(Contains|StartsWith|EndsWith)$/i.exec(word);
    if (method !== null) return this.#method(this.#field(method[1] ?? ''), method[2] ?? '');
    const read = this.#field(word);
    const operator = this.#take('operator');
    const value = this.#value();
    const compare = COMPARE[operator];
    if (compare === undefined) throw invalidQuery('Operator expected');
    return (item, row) => compare(read(item, row), value);
  }

  #method(read: (item: Item, row: number) => Comparable, name: string): Filter<Item> {
    const wanted = (this.#arguments('text')[0] ?? '').toLowerCase();
    const test = METHODS[name.toLowerCase()];
    if (test === undefined) throw invalidQuery(`No applicable method '${name}' exists`);
    return (item, row) => {
      const value = read(item, row);
      return typeof value === 'string' && test(value.toLowerCase(), wanted);
    };
  }

  #value(): Comparable {
    const token = this.#tokens[this.#next++];
    if (token?.kind === 'text') return token.text;
    if (token?.kind === 'number') return Number(token.text);
    if (token !== undefined && /^(true|false)$/i.test(token.text)) return /^true$/i.test(token.text);
    if (token?.text === 'null') return undefined;
    if (token?.text.toLowerCase() === 'guid') return this.#arguments('text')[0]?.toLowerCase();
    if (token?.text.toLowerCase() === 'datetime') return this.#dateTime();
    throw invalidQuery('Expression expected');
  }

  #dateTime(): number {
    const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0] = this.#arguments('number').map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  #arguments(kind: 'text' | 'number'): string[] {
    this.#expect('(');
    const values = [this.#take(kind)];
    while (this.#takes(',')) values.push(this.#take(kind));
    this.#expect(')');
    return values;
  }

  #take(kind: Token['kind']): string {
    const token = this.#tokens[this.#next++];
    if (token?.kind !== kind) throw invalidQuery(`Syntax error: ${kind} expected`);
    return token.text;
  }

  #takes(...texts: string[]): boolean {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === 'text' || !texts.includes(token.text.toUpperCase())) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw invalidQuery(`'${text}' expected`);
  }
}

const METHODS: Record<string, (value: string, wanted: string) => boolean> = {
  contains: (value, wanted) => value.includes(wanted),
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
};

const COMPARE: Record<string, (a: Comparable, b: Comparable) => boolean> = {
  '==': (a, b) => a === b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => order(a, b) < 0,
  '<=': (a, b) => order(a, b) <= 0,
  '>': (a, b) => order(a, b) > 0,
  '>=': (a, b) => order(a, b) >= 0,
};

/** Not a number, so no comparison holds, when one side is missing or of another type. */
function order(a: Comparable, b: Comparable): number {
  if (a === undefined || b === undefined || typeof a !== typeof b) return Number.NaN;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
