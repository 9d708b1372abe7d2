/** `hubspot=…,xero=…`: connection to the secret that signs its webhooks. Secrets may hold `=`, not commas or spaces. */
export function readHookSecrets(text: string, refuse: (message: string) => void): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [index, part] of text
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .entries()) {
    const [, name, secret] = /^([a-z][a-z0-9_]*)=(.+)$/.exec(part) ?? [];
    // The entry itself may be a secret: only its place is told.
    if (name === undefined || secret === undefined) refuse(`entry ${index + 1}: expected <connection>=<secret>`);
    else secrets.set(name, secret);
  }
  return secrets;
}
