// Ids are for machines: the JSON log has them.
const IDS = ['runId', 'cycleId', 'taskId', 'dbtRunId'];
const HIDDEN = new Set(['level', 'time', 'msg', 'service', 'pipeline', 'system', 'err', ...IDS]);
const LEVELS = new Map<unknown, string>([
  ['warn', 'warning: '],
  ['error', 'error: '],
  ['fatal', 'error: '],
]);
// Control characters, C1, line separators and the marks that reverse the direction of writing.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line of JSON log for a person: `[pipeline_xero_to_postgres] [xero] text rows=5`, or `[system] text (loader)`. */
export function prettyLine(json: string): string {
  const entry: unknown = JSON.parse(json);
  if (typeof entry !== 'object' || entry === null) return json;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const ofPipeline = pipelinePrefix(fields);
  const text = [
    ofPipeline ?? '[system]',
    `${LEVELS.get(fields.get('level')) ?? ''}${printable(fields.get('msg') ?? '')}`,
    ...[...fields].flatMap(([key, value]) => (HIDDEN.has(key) ? [] : [`${key}=${printable(value)}`])),
    ...(ofPipeline === undefined && fields.has('service') ? [`(${printable(fields.get('service'))})`] : []),
    ...describeError(fields.get('err'), fields.get('msg')),
  ];
  return `${text.join(' ')}\n`;
}

function pipelinePrefix(fields: Map<string, unknown>): string | undefined {
  const pipeline = fields.get('pipeline');
  const system = fields.get('system');
  if (typeof pipeline !== 'string' || typeof system !== 'string') return undefined;
  return `[${printable(pipeline)}] [${printable(system)}]`;
}

function describeError(error: unknown, text: unknown): string[] {
  if (typeof error !== 'object' || error === null) return error === undefined ? [] : [`error=${printable(error)}`];
  const { message, stack }: { message?: unknown; stack?: unknown } = error;
  return [
    ...(message === undefined || message === text ? [] : [`(${printable(message)})`]),
    ...(typeof stack === 'string' ? [stack.split('\n').map(indent).join('')] : []),
  ];
}

const indent = (line: string): string => `\n    ${printable(line.trim())}`;

function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
