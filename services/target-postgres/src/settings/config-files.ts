import { readFileSync } from 'node:fs';
import { PipelineError } from '@pipeline/protocol';
import { type JsonObject, parseJson } from '@pipeline/singer';

/** Settings of several files; later ones override earlier ones.
 *  @throws PipelineError `CONFIG_INVALID`. */
export function readConfigFiles(paths: string[]): JsonObject {
  const merged: JsonObject = {};
  for (const path of paths) {
    try {
      Object.assign(merged, parseJson(readFileSync(path, 'utf8')));
    } catch (cause) {
      throw new PipelineError({
        code: 'CONFIG_INVALID',
        recovery: 'fix-config',
        message: `the configuration file ${path} cannot be read as JSON`,
        cause,
      });
    }
  }
  return merged;
}
