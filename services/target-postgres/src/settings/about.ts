import { z } from 'zod';
import { VERSION } from './arguments.ts';
import { TargetConfig } from './config.ts';

const CAPABILITIES = ['about', 'activate-version', 'batch', 'record-flattening', 'schema-flattening', 'target-schema'];

/** What `--about` says: the target and its settings. */
export function about(format: 'json' | 'markdown'): string {
  const schema = z.toJSONSchema(TargetConfig, { io: 'input' });
  const described = { name: 'target-postgres', version: VERSION, capabilities: CAPABILITIES, settings: schema };
  if (format === 'json') return JSON.stringify(described, undefined, 2);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { description = '', default: value } = typeof property === 'object' ? property : {};
    const required = schema.required?.includes(name) === true ? 'required' : `\`${JSON.stringify(value)}\``;
    return `| \`${name}\` | ${required} | ${description} |`;
  });
  return [
    `# target-postgres ${VERSION}`,
    '',
    'A Singer target for PostgreSQL: exact values, schema evolution, quarantine for records that do not fit.',
    '',
    '| setting | default | meaning |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}
