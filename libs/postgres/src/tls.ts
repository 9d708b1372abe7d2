import type { ConnectionOptions } from 'node:tls';

/** As libpq means it (https://www.postgresql.org/docs/current/libpq-ssl.html): `allow` and `prefer` take what the server offers, plain text first or
 *  TLS first; `require` encrypts, and checks the authority only when one is given; `verify-ca` checks the authority; `verify-full` the host name too. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface TlsOptions {
  mode: SslMode;
  /** Authorities, as PEM. @default those of the system */
  rootCertificate?: string | undefined;
  /** Of the client, as PEM. */
  certificate?: string | undefined;
  key?: string | undefined;
}

/** How to connect: plain text, or TLS with these options. */
export type Transport = false | ConnectionOptions;

/** The ways to connect in the order in which they are tried. */
export function transports(options: TlsOptions): Transport[] {
  switch (options.mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted(options, 'anyone')];
    case 'prefer':
      return [encrypted(options, 'anyone'), false];
    case 'require':
      return [encrypted(options, options.rootCertificate === undefined ? 'anyone' : 'authority')];
    case 'verify-ca':
      return [encrypted(options, 'authority')];
    case 'verify-full':
      return [encrypted(options, 'host')];
  }
}

function encrypted(options: TlsOptions, trusts: 'anyone' | 'authority' | 'host'): ConnectionOptions {
  return {
    rejectUnauthorized: trusts !== 'anyone',
    ...(trusts === 'host' ? {} : { checkServerIdentity: () => undefined }),
    ...(options.rootCertificate === undefined ? {} : { ca: options.rootCertificate }),
    ...(options.certificate === undefined ? {} : { cert: options.certificate }),
    ...(options.key === undefined ? {} : { key: options.key }),
  };
}
