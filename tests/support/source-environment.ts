import { resolve } from 'node:path';
import type { Sandbox } from '../../services/sandbox/src/sandbox.ts';
import { sources as sandboxSources } from '../../services/sandbox/src/sources.ts';
import { tapFolders } from '../../tools/taps.ts';

const taps = await tapFolders(resolve(import.meta.dirname, '../..'));

/** The variables that point the taps of these sources at the sandbox. */
export function sourceEnvironment(sandbox: Sandbox, sources: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    sandboxSources
      .filter(({ name }) => sources.includes(name))
      .flatMap(({ name, tapSettings }) =>
        Object.entries(tapSettings(sandbox.url(name))).map(([setting, value]) => [variableOf(name, setting), value]),
      ),
  );
}

/** @throws when the tap's `config.yml` feeds the setting from no variable. */
function variableOf(source: string, setting: string): string {
  const variable = taps.find((tap) => tap.source === source)?.file.variables.get(setting)?.[0];
  if (variable === undefined) throw new Error(`no variable feeds ${setting} of tap-${source}`);
  return variable;
}
