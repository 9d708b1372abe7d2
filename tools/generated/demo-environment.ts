import { portVariable } from '../../services/sandbox/src/config.ts';
import type { SandboxSource } from '../../services/sandbox/src/source-api.ts';
import type { TapFolder } from '../taps.ts';

const HEADER = `# What points the taps at the sandbox, with credentials that open nothing else; every other variable of theirs is set to nothing.
# Generated from services/sandbox/src/*/source.ts and services/tap-*/config.yml by "npm run generate".`;

/** The variables of a demo, as a dotenv file. The sandbox's host is \`sandbox\`, as in compose. */
export function demoEnvironment(taps: TapFolder[], sandboxSources: readonly SandboxSource[]): string {
  const sections = taps.flatMap((tap) => {
    const sandbox = sandboxSources.find(({ name }) => name === tap.source);
    return sandbox === undefined ? [] : [tapSection(tap, sandbox)];
  });
  const names = sandboxSources.map(({ name }) => name).sort();
  return `${[HEADER, `PIPELINE_NAMES=${names.join(',')}`, ...sections].join('\n\n')}\n`;
}

function tapSection({ file, variables }: TapFolder, { name, port, tapSettings }: SandboxSource): string {
  const values = new Map(
    Object.entries(tapSettings(`http://sandbox:${port}`)).map(([setting, value]) => [
      file.variables.get(setting)?.[0],
      value,
    ]),
  );
  const lines = Object.keys(variables.shape).map((variable) => `${variable}=${values.get(variable) ?? ''}`);
  return [`${portVariable(name)}=${port}`, ...lines].join('\n');
}
