import { defineStream, type Stream } from '@pipeline/tap-kit';
import { pathOf } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';
import { API_VERSIONS } from '../settings.ts';
import { associationsOf } from './associations.ts';
import type { Children } from './children.ts';
import { crmSchema } from './crm-object.ts';
import { mergesOf } from './merges.ts';
import { type ObjectType, standardProperties } from './object-type.ts';
import { findType } from './object-types.ts';
import { propertiesOf } from './property.ts';
import { propertyHistoryOf } from './property-history.ts';
import { readCrmObjects } from './read-objects.ts';
import { typeProblem } from './type-problem.ts';

const [NEWEST] = API_VERSIONS;

/** A stream of CRM objects of one type, with its associations, merges and histories as child streams. */
export function crmStream(type: ObjectType, types: readonly ObjectType[]): Stream<Settings> {
  const children = childrenOf(type, types);
  const standard = standardProperties(type);
  return defineStream<Settings>({
    name: type.name,
    keyProperties: ['id'],
    schema: crmSchema(standard),
    replication: { method: 'INCREMENTAL', key: type.modifiedProperty },
    isSelectedByDefault: type.isSelectedByDefault,
    about: {
      endpoint: `GET ${pathOf({ api_version: NEWEST }, 'objects', type.id)}, POST …/search`,
      scopes: type.scopes,
      deletes: 'archived list and merges, as often as the allowance permits; all ids, daily',
      requestsIdle: 1,
    },
    ...(children.length > 0 && { children: children.map(({ shape }) => shape) }),
    discover: async (context) => {
      try {
        return crmSchema([...standard, ...(await propertiesOf(context, type.id))]);
      } catch (error) {
        throw typeProblem(type, error);
      }
    },
    read: (context) => readCrmObjects(type, children, context),
  });
}

function childrenOf(type: ObjectType, types: readonly ObjectType[]): Children[] {
  const targets = type.associatedWith.flatMap((name) => findType(types, name) ?? []);
  return [
    ...targets.map((target) => associationsOf(type, target)),
    ...(type.isMergeable ? [mergesOf(type)] : []),
    ...(type.history.length > 0 ? [propertyHistoryOf(type, [...new Set(type.history)])] : []),
  ];
}
