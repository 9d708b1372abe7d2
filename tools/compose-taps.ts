import { join } from 'node:path';
import { withSection } from './marked-section.ts';
import type { TapFolder } from './taps.ts';

const MARKERS = {
  begin: '  # taps: generated from services/tap-*/config.yml by "npm run generate"',
  end: '  # end of taps',
};
const NODE_OPTIONS = '--disable-warning=ExperimentalWarning --max-semi-space-size=8';

/** docker-compose.yml with a service for every tap, which passes on the variables that its `config.yml` names. */
export function composeFile(root: string, taps: TapFolder[]): Promise<string> {
  return withSection(join(root, 'docker-compose.yml'), MARKERS, taps.map(composeService).join('\n\n'));
}

function composeService({ source, variables, container }: TapFolder): string {
  const name = `tap-${source}`;
  return [
    `  ${name}:`,
    '    <<: *tap',
    `    image: pipeline/${name}`,
    `    build: { <<: *build, args: { <<: *build-args, SERVICE: ${name} } }`,
    ...(container === undefined ? [] : [`    mem_limit: ${container.memoryMb}m`]),
    '    environment:',
    '      <<: *tap-environment',
    ...(container === undefined
      ? []
      : [`      NODE_OPTIONS: ${NODE_OPTIONS} --max-old-space-size=${container.heapMb}`]),
    ...Object.keys(variables.shape).map((variable) => `      ${variable}:`),
  ].join('\n');
}
