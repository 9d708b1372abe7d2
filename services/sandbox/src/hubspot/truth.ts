import type { TruthStream } from '../source-api.ts';
import { typesOf } from './deal-companies.ts';
import { pipelineFields, writeStage } from './deal-pipelines.ts';
import { isoInstant } from './draw.ts';
import { KINDS, type KindName } from './kind.ts';
import { writeOwner } from './owners.ts';
import { kinds, type Portal } from './portal.ts';
import { typedValue, UNPARSED } from './typed-value.ts';

type Row = Record<string, unknown>;

/** Counts that HubSpot keeps of other objects change without a sign: only a full read can tell, so no comparison asks for them. */
const CHANGED_SILENTLY: ReadonlySet<string> = new Set(['num_associated_deals']);

/** What a complete copy of the account holds. Archived objects and those merged into others are deleted; archived owners are
 *  former colleagues, and stay. */
export function truthOf(portal: Portal): TruthStream[] {
  const id = ['id'];
  return [
    ...KINDS.map((kind) => ({
      ...stream(kind, id, () => objectRows(portal, kind)),
      count: portal.objects[kind].liveCount,
    })),
    stream('deals_companies', ['deal_id', 'company_id', 'association_category', 'association_type_id'], () =>
      linkRows(portal),
    ),
    stream('owners', id, () => portal.owners.map(ownerRow)),
    stream('deal_pipelines', id, () => portal.pipelines.map(pipelineFields)),
    stream('deal_pipeline_stages', ['pipeline_id', 'id'], () => stageRows(portal)),
  ];
}

function stream(name: string, key: string[], rows: () => Iterable<Row>): TruthStream {
  return { stream: name, key, rows: { [Symbol.iterator]: () => rows()[Symbol.iterator]() } };
}

function* objectRows(portal: Portal, kindName: KindName): Generator<Row> {
  const { properties } = kinds[kindName];
  const store = portal.objects[kindName];
  const compared = properties.filter(({ name }) => !CHANGED_SILENTLY.has(name));
  for (const position of store.live(0)) {
    const values = store.properties(position);
    const row: Row = {
      id: store.idOf(position),
      createdAt: isoInstant(store.createdAt(position)),
      updatedAt: isoInstant(store.modifiedAt(position)),
      archived: false,
    };
    const unparsed: Row = {};
    for (const { name, type } of compared) {
      const raw = values[name] ?? null;
      const value = typedValue(type, raw);
      if (value === UNPARSED) unparsed[name] = raw;
      row[name] = value === UNPARSED ? null : value;
    }
    yield { ...row, _unparsed: Object.keys(unparsed).length > 0 ? unparsed : null };
  }
}

function* linkRows(portal: Portal): Generator<Row> {
  const { deals, companies } = portal.objects;
  for (const deal of deals.live(0)) {
    for (const link of portal.dealCompanies.of(deal)) {
      if (!companies.isLive(link.company)) continue;
      for (const { category, typeId, label } of typesOf(link)) {
        yield {
          deal_id: deals.idOf(deal),
          company_id: companies.idOf(link.company),
          association_category: category,
          association_type_id: typeId,
          association_label: label,
          is_primary: label === 'Primary',
        };
      }
    }
  }
}

function ownerRow(owner: Portal['owners'][number]): Row {
  return { userId: null, ...writeOwner(owner), teams: owner.teams };
}

function* stageRows(portal: Portal): Generator<Row> {
  for (const pipeline of portal.pipelines) {
    for (const row of pipeline.stages.map(writeStage)) yield { pipeline_id: pipeline.id, ...row };
  }
}
