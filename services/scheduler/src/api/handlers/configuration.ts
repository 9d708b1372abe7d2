import { applyDocument } from '../../configuration/apply.ts';
import { readCurrent } from '../../configuration/current.ts';
import { differenceOf } from '../../configuration/difference.ts';
import { readDocument, writeDocument } from '../../configuration/document.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

/** Configuration as code, both ways. */
export function configurationHandlers(deps: ApiDeps): Handlers<'exportConfiguration' | 'applyConfiguration'> {
  return {
    exportConfiguration: async () => ({ yaml: writeDocument((await readCurrent(deps)).document) }),
    applyConfiguration: async ({ body }, { actor }) => {
      const document = readDocument(body.yaml);
      const current = await readCurrent(deps);
      const changes = differenceOf(document, current, body.prune);
      if (!body.confirm) return { isApplied: false, changes };
      await applyDocument(deps, { document, current, changes }, actor);
      deps.wake();
      return { isApplied: true, changes };
    },
  };
}
