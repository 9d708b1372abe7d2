import { PipelineError } from '@pipeline/protocol';

/** A value as the exact reader returns it. Numbers and documents are text: nothing is rounded. */
export type Value =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'number'; text: string }
  | { kind: 'string'; text: string }
  /** An object or an array, as JSON that `jsonb` takes. */
  | { kind: 'document'; text: string };

/** A RECORD line, read exactly. */
export interface RecordLine {
  fields: Map<string, Value>;
  timeExtracted: Value | undefined;
  version: Value | undefined;
  /** Values that PostgreSQL cannot hold as they were: NUL and lone surrogates (now U+FFFD), NaN inside a document (now a string). */
  sanitised: number;
}

/** Documents with more objects and arrays in one another are refused: how many levels this process and PostgreSQL could read depends on their stacks. */
export const DEPTH_MAX = 1_000;

/** The message is JSON, but nested too deep to store. */
export class TooDeepError extends Error {}

/** Reads a RECORD message without changing a digit. Slower than the row encoder and complete: escapes, exponents, NaN, duplicate and broken names.
 *  @throws PipelineError `SINGER_INVALID_JSON` or `SINGER_INVALID_MESSAGE`; {@link TooDeepError}. */
export function readRecordLine(line: string, stream: string, depthMax = DEPTH_MAX): RecordLine {
  const reader = new Reader(line, depthMax);
  const message = reader.record(stream);
  reader.end();
  return message;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/y;
const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
const SPACE = /[ \t\r\n]*/y;

class Reader {
  readonly #text: string;
  readonly #depthMax: number;
  #at = 0;
  #sanitised = 0;

  constructor(text: string, depthMax: number) {
    this.#text = text;
    this.#depthMax = depthMax;
  }

  record(stream: string): RecordLine {
    let type: Value | undefined;
    let name: Value | undefined;
    let fields: Map<string, Value> | undefined;
    let timeExtracted: Value | undefined;
    let version: Value | undefined;
    this.#members((key) => {
      if (key === 'record') fields = this.#fields();
      else if (key === 'type') type = this.#value();
      else if (key === 'stream') name = this.#value();
      else if (key === 'time_extracted') timeExtracted = this.#value();
      else if (key === 'version') version = this.#value();
      else this.#value();
    });
    if (type?.kind !== 'string' || type.text.toUpperCase() !== 'RECORD' || fields === undefined) {
      throw invalidMessage('the line is no RECORD message with an object in "record"');
    }
    if (name?.kind !== 'string' || name.text !== stream) {
      throw invalidMessage(`the RECORD belongs to another stream than its batch, ${stream}`);
    }
    return { fields, timeExtracted, version, sanitised: this.#sanitised };
  }

  end(): void {
    this.#skip();
    if (this.#at !== this.#text.length) throw this.#invalid();
  }

  #fields(): Map<string, Value> {
    const fields = new Map<string, Value>();
    this.#members((key) => fields.set(key, this.#value()));
    return fields;
  }

  #members(read: (key: string) => void): void {
    this.#expect('{');
    if (this.#accept('}')) return;
    do {
      const key = this.#string();
      this.#expect(':');
      read(key);
    } while (this.#accept(','));
    this.#expect('}');
  }

  #value(): Value {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '"') return { kind: 'string', text: this.#storable(this.#string()) };
    if (first === '{' || first === '[') return { kind: 'document', text: this.#document(1) };
    if (this.#literal('null')) return { kind: 'null' };
    if (this.#literal('true')) return { kind: 'boolean', value: true };
    if (this.#literal('false')) return { kind: 'boolean', value: false };
    return { kind: 'number', text: this.#match(NUMBER) };
  }

  /** The next value as text that `jsonb` takes. */
  #document(depth: number): string {
    if (this.#accept('[')) return `[${this.#list(']', depth, () => this.#document(depth + 1))}]`;
    if (this.#accept('{')) return `{${this.#list('}', depth, () => this.#member(depth))}}`;
    const value = this.#value();
    if (value.kind === 'null') return 'null';
    if (value.kind === 'boolean') return String(value.value);
    if (value.kind === 'string') return JSON.stringify(value.text);
    if (value.kind === 'number' && /[IN]/.test(value.text)) {
      this.#sanitised++;
      return JSON.stringify(value.text);
    }
    return value.text;
  }

  #member(depth: number): string {
    this.#skip();
    const key = JSON.stringify(this.#storable(this.#string()));
    this.#expect(':');
    return `${key}:${this.#document(depth + 1)}`;
  }

  #list(close: string, depth: number, item: () => string): string {
    if (depth > this.#depthMax) throw new TooDeepError();
    if (this.#accept(close)) return '';
    const items: string[] = [];
    do items.push(item());
    while (this.#accept(','));
    this.#expect(close);
    return items.join(',');
  }

  #string(): string {
    this.#skip();
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#invalid();
    let end = start + 1;
    for (let code = this.#text.charCodeAt(end); code !== QUOTE; code = this.#text.charCodeAt(end)) {
      // Not a number at the end of the text.
      if (!(code >= FIRST_PRINTABLE)) throw this.#invalid();
      end += code === BACKSLASH ? 2 : 1;
    }
    this.#at = end + 1;
    const quoted = this.#text.slice(start, this.#at);
    return quoted.includes('\\') ? this.#unescape(quoted) : quoted.slice(1, -1);
  }

  #unescape(quoted: string): string {
    try {
      return String(JSON.parse(quoted));
    } catch {
      throw this.#invalid();
    }
  }

  #storable(text: string): string {
    if (!text.includes('\0') && text.isWellFormed()) return text;
    this.#sanitised++;
    return text.toWellFormed().replaceAll('\0', '\uFFFD');
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.#invalid();
    this.#at += found.length;
    return found;
  }

  #literal(word: string): boolean {
    const found = this.#text.startsWith(word, this.#at);
    if (found) this.#at += word.length;
    return found;
  }

  #accept(character: string): boolean {
    this.#skip();
    const found = this.#text[this.#at] === character;
    if (found) this.#at++;
    return found;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#invalid();
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #invalid(): PipelineError {
    return new PipelineError({
      code: 'SINGER_INVALID_JSON',
      recovery: 'fail',
      message: `the line is not valid JSON: unexpected character at ${this.#at + 1}`,
    });
  }
}

function invalidMessage(message: string): PipelineError {
  return new PipelineError({ code: 'SINGER_INVALID_MESSAGE', recovery: 'fail', message });
}
