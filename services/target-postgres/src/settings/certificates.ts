import { readFileSync } from 'node:fs';
import type { TlsOptions } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';

interface CertificateSettings {
  sslrootcert?: string | undefined;
  sslcert?: string | undefined;
  sslkey?: string | undefined;
}

/** What TLS needs, with the files read.
 *  @throws PipelineError `CONFIG_INVALID` for a file that cannot be read. */
export function readCertificates({ sslrootcert, sslcert, sslkey }: CertificateSettings): Omit<TlsOptions, 'mode'> {
  return {
    rootCertificate: pem('sslrootcert', sslrootcert),
    certificate: pem('sslcert', sslcert),
    key: pem('sslkey', sslkey),
  };
}

function pem(setting: string, value: string | undefined): string | undefined {
  // "system" is libpq's name for the authorities that come with the machine, which are the default here.
  if (value === undefined || value === 'system' || value.includes('-----BEGIN'))
    return value === 'system' ? undefined : value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new PipelineError({
      code: 'CONFIG_INVALID',
      recovery: 'fix-config',
      message: `configuration: ${setting}: the file ${value} cannot be read`,
      cause,
    });
  }
}
