import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { ICONS } from '../src/parts/icon-names.ts';

/** Lucide has no mark of ours: three streams that become one. */
const MARK =
  '<path d="M3 5h4c5 0 5 7 10 7M3 12h14M3 19h4c5 0 5-7 10-7"/><circle cx="20" cy="12" r="1.8" fill="currentColor" stroke="none"/>';
const HATCH =
  '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="f-wait-tint" d="M0 0h5v5H0z"/><path class="f-wait" d="M0 0h2v5H0z"/></pattern>';

/** Writes the icons in use into index.html as one sprite, so that they need no request and no inline style. */
export function sprite(): Plugin {
  return {
    name: 'sprite',
    transformIndexHtml(html) {
      const symbols = ICONS.map((name) => symbol(name, name === 'mark' ? MARK : lucide(name)));
      const defs = `<svg class="vh" aria-hidden="true"><defs>${HATCH}</defs>${symbols.join('')}</svg>`;
      return html.replace('<!--sprite-->', defs);
    },
  };
}

function symbol(name: string, shapes: string): string {
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

/** The shapes of a Lucide icon (ISC licence), without the element around them. */
function lucide(name: string): string {
  const folder = dirname(createRequire(import.meta.url).resolve('lucide-static/package.json'));
  const svg = readFileSync(join(folder, 'icons', `${name}.svg`), 'utf8');
  const shapes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (shapes === undefined) throw new Error(`${name}.svg of lucide-static is not an icon`);
  return shapes.replaceAll(/\s*\n\s*/g, '');
}
