import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { waitFor } from '@pipeline/testing';
import express from 'express';
import { webRoutes } from '../src/web.ts';

const PAGE = '<!doctype html><title>pipeline</title>';
const SCRIPT = 'export const total = 42;'.repeat(50);

describe('the dashboard', () => {
  let folder: string;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'assets/index-abc.js'), SCRIPT);
    writeFileSync(join(folder, 'assets/index-abc.js.br'), brotliCompressSync(SCRIPT));
    server = createServer(express().use(webRoutes('session', folder))).listen(0, '127.0.0.1');
    await waitFor(() => server.listening);
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${base}${path}`, { redirect: 'manual', headers: { cookie: 'other=1; session=x', ...headers } });

  it.each(['/', '/runs/8d2f?level=error', '/streams/xero/invoices'])(
    'serves the page for %s, fresh each time',
    async (path) => {
      const response = await get(path);
      expect(await response.text()).toBe(PAGE);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('link')).toContain('</api/now>');
    },
  );

  it('allows nothing inline and nothing from another address', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('sends who has no session to the login, with the way back, and keeps an asset for a year', async () => {
    const response = await get('/runs?status=failed', { cookie: 'sessions=x' });
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      `/login?next=${encodeURIComponent('/runs?status=failed')}`,
    ]);
    expect((await get('/login', { cookie: '' })).status).toBe(200);
    const asset = await get('/assets/index-abc.js', { cookie: '', 'accept-encoding': 'br' });
    expect([asset.headers.get('content-encoding'), asset.headers.get('vary')]).toEqual(['br', 'Accept-Encoding']);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await asset.text()).toBe(SCRIPT);
    const plain = await get('/assets/index-abc.js', { 'accept-encoding': 'identity' });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, SCRIPT]);
  });

  it.each([
    '/api/nothing',
    '/hooks/xero',
    '/metrics',
    '/assets/old-hash.js',
    `/assets/${encodeURIComponent('../../package.json')}`,
  ])('does not respond to %s with the page', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('says how it is built where it is not', async () => {
    const empty = createServer(express().use(webRoutes('session', join(folder, 'nothing')))).listen(0, '127.0.0.1');
    await waitFor(() => empty.listening);
    const address = empty.address();
    const response = await fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
    empty.close();
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm run build:web')]);
  });
});
