import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@pipeline/local-stack';
import { createPool, type TlsOptions } from '../src/index.ts';

/** A server with a certificate for `localhost`, signed by an authority of our own. It listens on an address that the certificate does not name. */
describe('TLS means what it means to libpq', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tls-'));
  let server: PostgresServer;
  let authority: Authority;
  let otherAuthority: string;

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
  const connectsBy = async (mode: TlsOptions['mode'], expected: string) => {
    // A reload takes effect a moment later.
    for (let attempt = 0; attempt < 50 && (await connect(mode)) !== expected; attempt++);
    expect(await connect(mode)).toBe(expected);
  };

  beforeAll(async () => {
    server = await startPostgres({ dataDir });
    authority = createAuthority(dataDir, 'authority');
    otherAuthority = createAuthority(dataDir, 'other').certificate;
    const { key, cert } = authority.issue('localhost', 'subjectAltName=DNS:localhost');
    const owner = statSync(join(dataDir, 'cluster'));
    for (const file of [key, cert, authority.file]) chownSync(file, owner.uid, owner.gid);
    const files = { ssl_cert_file: cert, ssl_key_file: key, ssl_ca_file: authority.file };
    await administer(...Object.entries(files).map(([setting, file]) => `alter system set ${setting} = '${file}'`));
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each(['disable', 'allow', 'prefer'] as const)('%s is plain text where the server has no TLS', async (mode) => {
    expect(await connect(mode)).toBe('plain text');
  });

  it.each(['require', 'verify-ca', 'verify-full'] as const)(
    '%s is refused where the server has no TLS',
    async (mode) => {
      expect(await connect(mode)).toMatch(/does not support SSL/);
    },
  );

  it('each mode takes and checks what it says, where the server has it', async () => {
    await administer('alter system set ssl = on');
    await connectsBy('prefer', 'TLS');
    expect(await connect('disable')).toBe('plain text');
    expect(await connect('allow')).toBe('plain text');
    expect(await connect('require')).toBe('TLS');
    const unknown = /self.signed|unable to (verify|get local issuer)/i;
    expect(await connect('verify-ca')).toMatch(unknown);
    expect(await connect('verify-full', {}, 'localhost')).toMatch(unknown);
    for (const mode of ['require', 'verify-ca', 'verify-full'] as const)
      expect(await connect(mode, { rootCertificate: otherAuthority }, 'localhost')).toMatch(unknown);
    const rootCertificate = authority.certificate;
    expect(await connect('require', { rootCertificate })).toBe('TLS');
    expect(await connect('verify-ca', { rootCertificate })).toBe('TLS');
    expect(await connect('verify-full', { rootCertificate }, '127.0.0.1')).toMatch(/altnames|does not match/i);
    expect(await connect('verify-full', { rootCertificate }, 'localhost')).toBe('TLS');
  });

  it('allow takes TLS where the server takes nothing else', async () => {
    const hba = await administer();
    writeFileSync(hba, readFileSync(hba, 'utf8').replace(/^host\b/gm, 'hostssl'));
    await administer();
    await connectsBy('allow', 'TLS');
    expect(await connect('disable')).toMatch(/no encryption|SSL off/);
  });

  it('shows the certificate of a client to a server that asks for it', async () => {
    const hba = await administer();
    writeFileSync(hba, readFileSync(hba, 'utf8').replace(/^(hostssl\b.*\s)\S+$/gm, '$1cert'));
    const { key, cert } = authority.issue(server.user, 'basicConstraints=CA:FALSE');
    const client = { certificate: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    await administer();
    const rootCertificate = authority.certificate;
    let refused = await connect('verify-ca', { rootCertificate });
    for (let attempt = 0; attempt < 50 && !/certificate/.test(refused); attempt++)
      refused = await connect('verify-ca', { rootCertificate });
    expect(refused).toMatch(/valid client certificate/);
    expect(await connect('verify-ca', { rootCertificate, ...client })).toBe('TLS');
  });
});

interface Authority {
  certificate: string;
  file: string;
  /** A key and a certificate for a name. */
  issue: (name: string, extension: string) => { key: string; cert: string };
}

function createAuthority(folder: string, name: string): Authority {
  const openssl = (...parts: string[]) => execFileSync('openssl', parts, { stdio: 'ignore' });
  const path = (part: string) => join(folder, part);
  const [key, file] = [path(`${name}.key`), path(`${name}.crt`)];
  const fresh = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...fresh, '-days', '2', '-subj', `/CN=${name}`, '-keyout', key, '-out', file);
  return {
    certificate: readFileSync(file, 'utf8'),
    file,
    issue: (subject, extension) => {
      const [own, request, cert, ext] = ['key', 'csr', 'crt', 'ext'].map((kind) => path(`${subject}.${kind}`));
      const files = { key: own ?? '', cert: cert ?? '' };
      writeFileSync(ext ?? '', extension);
      openssl('req', ...fresh, '-subj', `/CN=${subject}`, '-keyout', files.key, '-out', request ?? '');
      openssl(
        ...['x509', '-req', '-in', request ?? '', '-CA', file, '-CAkey', key, '-CAcreateserial'],
        ...['-days', '2', '-extfile', ext ?? '', '-out', files.cert],
      );
      return files;
    },
  };
}
