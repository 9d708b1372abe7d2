import { readFileSync } from 'node:fs';
import { PipelineError } from '@pipeline/protocol';
import { emptyState, isJsonObject, type JsonObject, parseJson, type State } from '@pipeline/singer';

/** The state of an earlier run; without a file, of none. */
export function readState(path: string | undefined): State {
  if (path === undefined) return emptyState();
  const value = readJsonObject(path);
  const bookmarks: State['bookmarks'] = {};
  if (isJsonObject(value['bookmarks'])) {
    for (const [stream, bookmark] of Object.entries(value['bookmarks'])) {
      if (isJsonObject(bookmark)) bookmarks[stream] = bookmark;
    }
  }
  return { ...value, currently_syncing: textOrNull(value['currently_syncing']), bookmarks };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function readJsonObject(path: string): JsonObject {
  try {
    const value = parseJson(readText(path));
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (error instanceof PipelineError) throw error;
  }
  throw configInvalid(`${path} is not a JSON object`);
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw configInvalid(`${path} cannot be read`, cause);
  }
}

export function configInvalid(message: string, cause?: unknown): PipelineError {
  return new PipelineError({ code: 'CONFIG_INVALID', recovery: 'fix-config', message, cause });
}
