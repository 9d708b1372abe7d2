import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SHAPES, type Shape, seededRandom } from './shapes.ts';

const BLOCK_CHARACTERS = 1024 * 1024;
export const STREAM = 'bench';

/** The same records twice: as a tap writes them, and as text that COPY takes without further work. */
export interface Dataset {
  rows: number;
  schemaLine: string;
  stateLine: string;
  columns: string[];
  hasKey: boolean;
  singerFile: string;
  copyFile: string;
}

export interface DatasetOptions {
  shape: string;
  rows: number;
  /** Number of the first record: a later one makes rows that are partly new. */
  firstId: number;
  hasKey: boolean;
}

export function writeDataset(folder: string, options: DatasetOptions): Dataset {
  const shape = SHAPES[options.shape];
  if (shape === undefined)
    throw new RangeError(`there is no shape "${options.shape}", only ${Object.keys(SHAPES).join(', ')}`);
  const columns = Object.keys(shape.schema);
  const [key = ''] = columns;
  const schemaLine = JSON.stringify({
    type: 'SCHEMA',
    stream: STREAM,
    schema: { type: 'object', properties: shape.schema },
    key_properties: options.hasKey ? [key] : [],
  });
  const name = `${options.shape}-${options.rows}-${options.firstId}-${options.hasKey ? 'keyed' : 'append'}`;
  const dataset = {
    rows: options.rows,
    schemaLine,
    stateLine: JSON.stringify({ type: 'STATE', value: { bookmarks: { [STREAM]: { rows: options.rows } } } }),
    columns,
    hasKey: options.hasKey,
    singerFile: join(folder, `${name}.singer`),
    copyFile: join(folder, `${name}.copy`),
  };
  writeFiles(dataset, shape, options);
  return dataset;
}

function writeFiles(dataset: Dataset, shape: Shape, { rows, firstId }: DatasetOptions): void {
  const singer = new BlockWriter(dataset.singerFile);
  const copy = new BlockWriter(dataset.copyFile);
  const extractedAt = new Date().toISOString();
  singer.write(`${dataset.schemaLine}\n`);
  for (let id = firstId; id < firstId + rows; id++) {
    const record = shape.record(id, seededRandom(id));
    const message = { type: 'RECORD', stream: STREAM, record, time_extracted: extractedAt };
    singer.write(`${JSON.stringify(message)}\n`);
    copy.write(`${dataset.columns.map((column) => copyText(record[column])).join('\t')}\n`);
  }
  singer.write(`${dataset.stateLine}\n`);
  singer.close();
  copy.close();
}

const COPY_ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(/[\\\t\n\r]/g, (character) => COPY_ESCAPES[character] ?? character);
}

class BlockWriter {
  readonly #file: number;
  #block = '';

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(text: string): void {
    this.#block += text;
    if (this.#block.length >= BLOCK_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block);
    this.#block = '';
  }
}
