import { accessOf, type DiscoverContext, type StreamAccess } from '@pipeline/tap-kit';
import { associationsOf, pairName } from './crm/associations.ts';
import { listCustomTypes } from './crm/custom-types.ts';
import type { ObjectType } from './crm/object-type.ts';
import { findType, objectTypes } from './crm/object-types.ts';
import { FORMS_PATH, pathOf } from './reading/paths.ts';
import type { Settings } from './settings.ts';
import { pipelinesName, readPipelines } from './streams/pipelines.ts';
import { streams } from './streams.ts';

/** What the account's own types are called together, where they cannot be listed. */
const CUSTOM_OBJECTS = 'custom_objects';

/** What each stream may read: a page of one row each, and the labels of each pair. The credentials of private apps do not tell their scopes. */
export async function streamAccess(context: DiscoverContext<Settings>): Promise<StreamAccess[]> {
  const found: StreamAccess[] = [];
  for (const { name, children = [] } of streams) {
    const own = await accessOf(name, () => probe(context, name));
    found.push(own);
    for (const child of children) {
      found.push(
        own.isReadable
          ? await accessOf(child.name, () => probePair(context, name, child.name))
          : { ...own, stream: child.name },
      );
    }
  }
  return [...found, ...(await customAccess(context))];
}

/** Of the account's own types each, or why they cannot be listed. */
async function customAccess(context: DiscoverContext<Settings>): Promise<StreamAccess[]> {
  const { http, settings } = context;
  const types: ObjectType[] = [];
  const listed = await accessOf(CUSTOM_OBJECTS, async () => void types.push(...(await listCustomTypes(context))));
  if (!listed.isReadable) return [listed];
  const found: StreamAccess[] = [];
  for (const { id, name } of types) {
    const path = pathOf(settings, 'objects', id);
    found.push(await accessOf(name, () => http.json({ path, query: { limit: 1 } })));
  }
  return found;
}

async function probe({ http, settings }: DiscoverContext<Settings>, name: string): Promise<void> {
  const type = findType(objectTypes, name);
  const staged = objectTypes.find((one) => one.hasPipelines && pipelinesName(one) === name);
  if (type !== undefined) await http.json({ path: pathOf(settings, 'objects', type.id), query: { limit: 1 } });
  else if (staged !== undefined) await readPipelines(staged, { http, settings });
  else await OTHERS[name]?.({ http, settings });
}

type Probe = (context: Pick<DiscoverContext<Settings>, 'http' | 'settings'>) => Promise<unknown>;

const OTHERS: Readonly<Record<string, Probe>> = {
  owners: ({ http, settings }) => http.json({ path: pathOf(settings, 'owners'), query: { limit: 1 } }),
  lists: ({ http, settings }) =>
    http.json({
      method: 'POST',
      path: pathOf(settings, 'lists', 'search'),
      body: { count: 1, offset: 0, additionalProperties: [] },
    }),
  forms: ({ http }) => http.json({ path: FORMS_PATH, query: { limit: 1 } }),
  marketing_emails: ({ http, settings }) =>
    http.json({ path: pathOf(settings, 'marketingEmails'), query: { limit: 1 } }),
  campaigns: ({ http, settings }) => http.json({ path: pathOf(settings, 'campaigns'), query: { limit: 1 } }),
  users: ({ http, settings }) => http.json({ path: pathOf(settings, 'users'), query: { limit: 1 } }),
  teams: ({ http, settings }) => http.json({ path: pathOf(settings, 'teams') }),
};

async function probePair({ http, settings }: DiscoverContext<Settings>, parent: string, child: string): Promise<void> {
  const from = findType(objectTypes, parent);
  for (const name of from?.associatedWith ?? []) {
    const to = findType(objectTypes, name);
    if (from !== undefined && to !== undefined && pairName({ from, to }) === child) {
      await associationsOf(from, to).probe?.({ http, settings });
    }
  }
}
