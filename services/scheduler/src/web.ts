import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { type Request, type Response, type Router } from 'express';

/** Where `npm run build:web` puts the page. */
const BUILT = join(import.meta.dirname, '../web/dist');

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Nothing from another address, nothing inline. What React and Preact set by script goes through the CSSOM, which this allows. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Paths of machines: what is missing there is a 404, not the page. */
const MACHINES = /^\/(api|hooks|assets|metrics|livez|healthz|readyz)(\/|$)/;
const YEAR_SECONDS = 31_536_000;

interface File {
  type: string;
  plain: Buffer;
  brotli: Buffer | undefined;
}

/** Serves the dashboard from memory: half a megabyte. Names of assets hold their hash, so they never change; the page itself is asked for each time.
 *  @param sessionCookie who has none is sent to the login at once
 *  @param folder of the build */
export function webRoutes(sessionCookie: string, folder = BUILT): Router {
  const router = express.Router();
  const page = readFile(folder, 'index.html');
  const assets = readAssets(folder);
  router.get('/assets/:name', (request, response, next) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return next();
    response.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
    send(request, response, asset);
  });
  router.get('/{*path}', (request, response, next) => {
    if (MACHINES.test(request.path)) return next();
    if (page === undefined) {
      response
        .status(503)
        .type('text/plain')
        .send('The dashboard is not built: npm run build:web, then start again.\n');
      return;
    }
    const isLoggedIn = hasCookie(request, sessionCookie);
    if (!isLoggedIn && request.path !== '/login') {
      response.redirect(302, `/login?next=${encodeURIComponent(request.originalUrl)}`);
      return;
    }
    response.set('Cache-Control', 'no-store').set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    // The first picture needs it, and the script that asks for it has still to come.
    if (isLoggedIn && request.path !== '/login') {
      response.set('Link', '</api/now>; rel=preload; as=fetch; crossorigin=anonymous');
    }
    send(request, response, page);
  });
  return router;
}

function readAssets(folder: string): Map<string, File> {
  try {
    const names = readdirSync(join(folder, 'assets')).filter((name) => !name.endsWith('.br'));
    return new Map(
      names.flatMap((name) => {
        const file = readFile(join(folder, 'assets'), name);
        return file === undefined ? [] : [[name, file]];
      }),
    );
  } catch {
    return new Map();
  }
}

function readFile(folder: string, name: string): File | undefined {
  const read = (file: string) => {
    try {
      return readFileSync(join(folder, file));
    } catch {
      return undefined;
    }
  };
  const plain = read(name);
  if (plain === undefined) return undefined;
  return { type: TYPES[extname(name)] ?? 'application/octet-stream', plain, brotli: read(`${name}.br`) };
}

function send(request: Request, response: Response, { type, plain, brotli }: File): void {
  response.set('Vary', 'Accept-Encoding').type(type);
  if (brotli !== undefined && request.acceptsEncodings('br') === 'br') {
    response.set('Content-Encoding', 'br').end(brotli);
  } else response.end(plain);
}

function hasCookie(request: Request, name: string): boolean {
  return (request.get('cookie') ?? '').split(/;\s*/).some((cookie) => cookie.startsWith(`${name}=`));
}
