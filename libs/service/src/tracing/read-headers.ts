/** Headers of a receiver: `name=value` separated by commas, values percent-encoded.
 *  https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
export function readHeaders(text: string, problem: (message: string) => void): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [, name, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(part) ?? [];
    const decoded = value === undefined ? undefined : decode(value);
    if (name === undefined || decoded === undefined) problem('expected name=value,name=value');
    else headers[name] = decoded;
  }
  return headers;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
