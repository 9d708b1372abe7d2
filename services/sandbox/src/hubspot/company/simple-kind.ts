import type { Random } from '../../random.ts';
import { CITIES, FIRST_NAMES, LAST_NAMES } from '../names.ts';
import { isoInstant, maybe, rowRandom } from './draw.ts';
import type { Kind, World } from './kind.ts';
import type { Properties } from './object-store.ts';
import { cleared, oddBoolean, oddDate, oddInstant, oddText } from './odd-values.ts';
import { smallPipeline } from './pipelines.ts';
import { type PropertyDefinition, type PropertyType, property } from './property-definition.ts';
import { DAY_MS, HISTORY_START } from './times.ts';

type Draw = (random: Random, world: World, position: number) => string | null;

/** A property with the way its values are drawn. */
export interface Field {
  type: PropertyType;
  draw: Draw;
  options?: readonly string[];
  custom?: boolean;
  sensitivity?: PropertyDefinition['sensitivity'];
}

/** Values of properties, by kind of value. */
export const field = {
  text: (text: string, share = 0.9): Field => ({
    type: 'string',
    draw: (random, _world, position) => maybe(random, share, () => oddText(random, `${text} ${position + 1}`)),
  }),
  name: (): Field => ({
    type: 'string',
    draw: (random) => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
  }),
  city: (): Field => ({ type: 'string', draw: (random) => random.pick(CITIES)[0] }),
  choice: (...options: readonly string[]): Field => ({
    type: 'enumeration',
    options,
    draw: (random) => cleared(random, random.pick(options)),
  }),
  number: (min: number, max: number): Field => ({
    type: 'number',
    draw: (random) => cleared(random, String(random.integer(min, max))),
  }),
  money: (): Field => ({
    type: 'number',
    draw: (random) => cleared(random, (random.integer(100, 9_000_000) / 100).toFixed(2)),
  }),
  bool: (): Field => ({ type: 'bool', draw: (random) => maybe(random, 0.8, () => oddBoolean(random)) }),
  date: (): Field => ({
    type: 'date',
    draw: (random) => maybe(random, 0.8, () => oddDate(random, HISTORY_START + random.integer(0, 900) * DAY_MS)),
  }),
  instant: (): Field => ({
    type: 'datetime',
    draw: (random) => oddInstant(random, HISTORY_START + random.integer(0, 900) * DAY_MS + random.integer(0, DAY_MS)),
  }),
  owner: (): Field => ({ type: 'enumeration', draw: (random, { ownerIds }) => cleared(random, random.pick(ownerIds)) }),
  sensitive: (sensitivity: 'sensitive' | 'highly_sensitive'): Field => ({
    type: 'string',
    custom: true,
    sensitivity,
    draw: (random) => `S-${random.integer(100_000, 999_999)}`,
  }),
} satisfies Record<string, (...args: never[]) => Field>;

type SimpleKind = Pick<Kind, 'typeId' | 'name' | 'singular' | 'scopes' | 'firstId'> &
  Partial<Pick<Kind, 'aliases' | 'createdProperty' | 'isMergeable' | 'isCustom'>> & {
    /** Objects for each deal. */
    share: number;
    /** Most objects, whatever the number of deals. */
    most?: number;
    fields: Record<string, Field>;
  };

const COUNT_MIN = 6;

/** A kind whose values are each drawn on its own. */
export function simpleKind(options: SimpleKind): Kind {
  const { fields, share, most = Number.POSITIVE_INFINITY, createdProperty = 'hs_createdate', ...own } = options;
  const salt = own.firstId % 1_000_003;
  const names = Object.keys(fields);
  const draw = (name: string, random: Random, world: World, position: number): string | null =>
    fields[name]?.draw(random, world, position) ?? null;
  return {
    ...own,
    createdProperty,
    modifiedProperty: 'hs_lastmodifieddate',
    count: (deals) => Math.min(most, Math.max(COUNT_MIN, Math.ceil(deals * share))),
    defaults: [createdProperty, 'hs_lastmodifieddate', 'hs_object_id'],
    properties: [
      property(createdProperty, 'datetime'),
      property('hs_lastmodifieddate', 'datetime'),
      property('hs_merged_object_ids', 'enumeration'),
      property('hs_object_id', 'number'),
      ...Object.entries(fields).map(([name, { type, options = [], custom = false, sensitivity = 'non_sensitive' }]) =>
        property(name, type, { options, custom, sensitivity }),
      ),
    ].sort((one, other) => (one.name < other.name ? -1 : 1)),
    describe: (position, world) => {
      const random = rowRandom(world.seed, salt, position);
      const values: Properties = { hs_merged_object_ids: null };
      for (const name of names) values[name] = draw(name, random, world, position);
      return values;
    },
    edit: (random, world) => {
      const changes: Properties = {};
      for (let count = 0; count < 2; count += 1) {
        const name = random.pick(names);
        changes[name] = draw(name, random, world, random.integer(0, 1_000));
      }
      return changes;
    },
  };
}

/** The pipeline stage of a ticket or lead is one of these, and the pipeline goes with it. */
export function staged(pipeline: string, stage: string, stages: readonly string[], id: string): Record<string, Field> {
  return {
    [pipeline]: { type: 'enumeration', options: [id], draw: () => id },
    [stage]: { type: 'enumeration', options: stages, draw: (random) => random.pick(stages) },
  };
}

/** The pipeline and stage of a type that has one pipeline. */
export function ownStages(type: Parameters<typeof smallPipeline>[0]): Record<string, Field> {
  const { id, stages } = smallPipeline(type);
  return staged('hs_pipeline', 'hs_pipeline_stage', stages, id);
}

/** For properties that HubSpot sets when something happened. */
export const happened = (): Field => ({
  type: 'datetime',
  draw: (random) => maybe(random, 0.5, () => isoInstant(HISTORY_START + random.integer(0, 900) * DAY_MS)),
});
