import { createHash } from 'node:crypto';
import { type Route, routes } from '@pipeline/protocol/api';
import { z } from 'zod';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; }
article { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.75rem 0; }
h3 { font: 600 1rem ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.25rem 0; }
pre { overflow-x: auto; font-size: 0.85rem; padding: 0.75rem; background: color-mix(in srgb, currentColor 7%, transparent); }
summary { cursor: pointer; }
`;

/** Nothing but this page's own style, known by its hash: no script, nothing from elsewhere. */
export const DOCS_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API for people to read, made from the list of routes as the description for programs is. Needs no network and no script. */
export function docsPage(version: string): string {
  const groups = new Map<string, string[]>();
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const tag = route.path.split('/')[2] ?? 'api';
    groups.set(tag, [...(groups.get(tag) ?? []), article(name, route)]);
  }
  const sections = [...groups].map(
    ([tag, articles]) => `<section><h2>${escaped(tag)}</h2>${articles.join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>API of pipeline ${escaped(version)}</title><style>${STYLE}</style></head>
<body>
<header><h1>API of pipeline ${escaped(version)}</h1>
<p>Send <code>Authorization: Bearer &lt;token&gt;</code>. Instants are UTC, 64-bit ids are strings, lists are pages with <code>cursor</code> and <code>limit</code>.
Errors have one form: <code>{"error": {"code", "message", "remedy", "id"}}</code>. For programs: <a href="/api/openapi.json">/api/openapi.json</a>.</p></header>
<main>${sections.join('\n')}</main>
</body>
</html>
`;
}

function article(name: string, route: Route): string {
  const needs = route.role === 'public' ? 'needs no login' : `needs the role ${route.role}`;
  const parts = [
    part('Parameters', route.params, 'input'),
    part('Query', route.query, 'input'),
    part('Body', route.body, 'input'),
    part('Response', route.response, 'output'),
  ];
  return `<article id="${escaped(name)}"><h3>${route.method} ${escaped(route.path)}</h3><p>${escaped(route.summary)}; ${needs}.</p>${parts.join('')}</article>`;
}

function part(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string {
  if (schema === undefined) return '';
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return `<details><summary>${title}</summary><pre>${escaped(JSON.stringify(rest, null, 2))}</pre></details>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
