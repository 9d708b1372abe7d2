/** Other names of the same settings, in the peers' configuration files. */
const SYNONYMS: Record<string, string> = {
  database: 'dbname',
  username: 'user',
  add_record_metadata: 'add_metadata_columns',
  flattening_max_depth: 'data_flattening_max_level',
  ssl_mode: 'sslmode',
  ssl_certificate_authority: 'sslrootcert',
  ssl_client_certificate: 'sslcert',
  ssl_client_private_key: 'sslkey',
};

/** Settings that decide where and how safely the data goes: ignoring them would send it another way than was asked for. */
const REFUSED: Record<string, string> = {
  sqlalchemy_url: 'give host, port, user, password and dbname instead',
  ssh_tunnel: 'open the tunnel with ssh, and give its local end as host and port',
};

/** The peers' switches, which only say whether other settings count. */
const SWITCHES = new Set(['ssl', 'ssl_enable', 'ssl_client_certificate_enable', 'ssl_storage_directory']);

/** A configuration file as one of a peer's may be, in our own names.
 *  @returns what cannot be done, by name and without its value. */
export function translatePeers(file: Record<string, unknown>): {
  settings: Record<string, unknown>;
  refused: string[];
} {
  const settings: Record<string, unknown> = {};
  const refused: string[] = [];
  for (const [key, value] of Object.entries(file)) {
    const remedy = REFUSED[key];
    if (remedy !== undefined) {
      if (isOn(value)) refused.push(`${key}: is not supported: ${remedy}`);
    } else if (!SWITCHES.has(key)) settings[SYNONYMS[key] ?? key] = value;
  }
  const isTlsAsked = [file['ssl'], file['ssl_enable']].some((value) => value === true || value === 'true');
  // PipelineWise means `require` by it, MeltanoLabs `verify-full`: whoever wants that names the mode.
  if (isTlsAsked) settings['sslmode'] ??= file['ssl_enable'] === undefined ? 'require' : 'verify-full';
  const isTlsOff = file['ssl_enable'] === false || file['ssl_enable'] === 'false';
  if (isTlsOff && file['sslmode'] === undefined) delete settings['sslmode'];
  return { settings, refused };
}

function isOn(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return !('enable' in value) || value.enable === true;
  return value !== undefined && value !== null && value !== false && value !== '';
}
