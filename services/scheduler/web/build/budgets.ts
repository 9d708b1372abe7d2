import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Bytes after gzip. What everyone loads is small enough for the first picture to come within a second. */
const FIRST_LOAD_JS_BYTES = 60_000;
const CSS_BYTES = 12_000;
const LAZY_PART_BYTES = 30_000;

/** Fails the build when a page would be slower to load than promised. */
export function budgets(): Plugin {
  return {
    name: 'budgets',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const first = firstLoad(chunks);
        const sizes = new Map(chunks.map((chunk) => [chunk.fileName, gzipSync(chunk.code).length]));
        const firstBytes = sum(
          chunks.filter(({ fileName }) => first.has(fileName)).map((chunk) => sizeOf(sizes, chunk)),
        );
        const css = Object.values(bundle).filter(({ fileName }) => fileName.endsWith('.css'));
        const cssBytes = sum(css.map((asset) => gzipSync('source' in asset ? asset.source : '').length));
        const over = [
          ...limit('JavaScript of the first load', firstBytes, FIRST_LOAD_JS_BYTES),
          ...limit('CSS', cssBytes, CSS_BYTES),
          ...chunks
            .filter(({ fileName }) => !first.has(fileName))
            .flatMap((chunk) => limit(chunk.fileName, sizeOf(sizes, chunk), LAZY_PART_BYTES)),
        ];
        if (over.length > 0) this.error(over.join('; '));
        this.info(`first load ${firstBytes} bytes of JavaScript, ${cssBytes} bytes of CSS, both gzip`);
      },
    },
  };
}

/** The entry with everything it imports at once. */
function firstLoad(chunks: Rolldown.OutputChunk[]): Set<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of byName.get(name)?.imports ?? []) visit(next);
  };
  for (const chunk of chunks) if (chunk.isEntry) visit(chunk.fileName);
  return found;
}

const sizeOf = (sizes: Map<string, number>, chunk: Rolldown.OutputChunk) => sizes.get(chunk.fileName) ?? 0;
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

function limit(what: string, bytes: number, max: number): string[] {
  return bytes <= max ? [] : [`${what}: ${bytes} bytes gzip, ${max} are allowed`];
}
