import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@pipeline/local-stack';
import { createPool, type TlsOptions } from '../src/index.ts';

/** A server with a certificate for `localhost`, signed by itself. It listens on an address that the certificate does not name. */
describe('TLS means what it means to libpq', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tls-'));
  let server: PostgresServer;
  let certificate: string;

  const connect = async (mode: TlsOptions['mode'], options: Partial<TlsOptions> = {}, host = server.host) => {
    const pool = createPool({
      ...server,
      ...{ host, sslmode: mode, certificates: options, applicationName: 'tls test', poolSize: 1 },
    });
    try {
      const { rows } = await pool.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      return rows[0]?.ssl === true ? 'TLS' : 'plain text';
    } catch (error) {
      return String(error);
    } finally {
      await pool.end();
    }
  };
  const administer = async (...statements: string[]) => {
    const pool = createPool({ ...server, sslmode: 'prefer', applicationName: 'tls test', poolSize: 1 });
    for (const statement of [...statements, 'select pg_reload_conf()']) await pool.query(statement);
    const { rows } = await pool.query<{ hba_file: string }>('show hba_file');
    await pool.end();
    return rows[0]?.hba_file ?? '';
  };
  const settled = async (mode: TlsOptions['mode'], expected: string) => {
    // A reload takes effect a moment later.
    for (let attempt = 0; attempt < 50 && (await connect(mode)) !== expected; attempt++);
    expect(await connect(mode)).toBe(expected);
  };

  beforeAll(async () => {
    server = await startPostgres({ dataDir });
    const [key, cert] = [join(dataDir, 'server.key'), join(dataDir, 'server.crt')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert],
      {
        stdio: 'ignore',
      },
    );
    certificate = readFileSync(cert, 'utf8');
    const owner = statSync(join(dataDir, 'cluster'));
    for (const file of [key, cert]) chownSync(file, owner.uid, owner.gid);
    await administer(`alter system set ssl_cert_file = '${cert}'`, `alter system set ssl_key_file = '${key}'`);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('prefer falls back to plain text where the server has no TLS, require does not', async () => {
    expect(await connect('prefer')).toBe('plain text');
    expect(await connect('require')).toMatch(/does not support SSL/);
  });

  it('each mode takes and checks what it says, where the server has it', async () => {
    await administer('alter system set ssl = on');
    await settled('prefer', 'TLS');
    expect(await connect('disable')).toBe('plain text');
    expect(await connect('allow')).toBe('plain text');
    expect(await connect('require')).toBe('TLS');
    expect(await connect('verify-ca')).toMatch(/self.signed/i);
    const rootCertificate = certificate;
    expect(await connect('require', { rootCertificate })).toBe('TLS');
    expect(await connect('verify-ca', { rootCertificate })).toBe('TLS');
    expect(await connect('verify-full', { rootCertificate }, '127.0.0.1')).toMatch(/altnames|does not match/i);
    expect(await connect('verify-full', { rootCertificate }, 'localhost')).toBe('TLS');
  });

  it('allow takes TLS where the server takes nothing else', async () => {
    const hba = await administer();
    writeFileSync(hba, readFileSync(hba, 'utf8').replace(/^host\b/gm, 'hostssl'));
    await administer();
    await settled('allow', 'TLS');
    expect(await connect('disable')).toMatch(/no encryption|SSL off/);
  });
});
