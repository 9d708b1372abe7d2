import type { TruthStream } from '../../source-api.ts';
import { teamsOf, usersOf } from '../api/settings-routes.ts';
import type { Account } from '../company/account.ts';
import { PAIRS, type Pair } from '../company/association-pairs.ts';
import { isoInstant } from '../company/draw.ts';
import { writeForm, writeSubmission } from '../company/forms.ts';
import { writeHistory } from '../company/history.ts';
import type { Kind } from '../company/kind.ts';
import { membersOf, writeList } from '../company/lists.ts';
import { writeCampaign, writeEmail } from '../company/marketing.ts';
import { storeOf } from '../company/mutate.ts';
import { writeOwner } from '../company/owners.ts';
import { type Pipeline, pipelineFields, writeStage } from '../company/pipelines.ts';
import type { Portal } from '../company/portal.ts';
import { writeDefinition } from '../company/property-definition.ts';
import { kinds } from '../kinds/all.ts';
import { CAMPAIGN_TRUTH_PROPERTIES, objectRows, streamOf } from './truth-rows.ts';

type Row = Record<string, unknown>;

/** Types with pipelines, beside deals and tickets. */
const WITH_STAGES = ['leads', 'orders', 'appointments', 'courses', 'listings', 'services', 'machine'];

/** Properties of which every value that they had is kept. */
const WITH_HISTORY: Readonly<Record<string, readonly string[]>> = {
  deals: ['dealstage', 'pipeline'],
  tickets: ['hs_pipeline_stage'],
  ...Object.fromEntries(WITH_STAGES.map((name) => [name, ['hs_pipeline', 'hs_pipeline_stage']])),
};

/** What a complete copy of the account holds. Archived objects and those merged into others are deleted; archived owners are
 *  former colleagues, and stay. */
export function truthOf({ portal }: Account): TruthStream[] {
  const id = ['id'];
  return [
    ...[...kinds.values()].flatMap((kind) => objectStreams(portal, kind)),
    ...PAIRS.map((pair) => associationStream(portal, pair)),
    stream('owners', id, () => portal.owners.map(ownerRow)),
    ...['deals', 'tickets', ...WITH_STAGES].flatMap((type) => pipelineStreams(portal, type)),
    stream('lists', ['listId'], () =>
      portal.lists.map((list) => writeList(list, listStore(portal, list.objectTypeId))),
    ),
    stream('list_memberships', ['list_id', 'record_id'], () => membershipRows(portal)),
    stream('forms', id, () => portal.forms.map(writeForm)),
    stream('form_submissions', ['form_id', 'conversion_id'], () => submissionRows(portal)),
    stream('marketing_emails', id, () => portal.marketing.emails.map((email) => writeEmail(email, true))),
    stream('campaigns', id, () =>
      portal.marketing.campaigns.map((one) => writeCampaign(one, CAMPAIGN_TRUTH_PROPERTIES)),
    ),
    stream('users', id, () => usersOf(portal)),
    stream('teams', id, () => teamsOf(portal)),
    stream('properties', ['object_type', 'name'], propertyRows),
  ];
}

function objectStreams(portal: Portal, kind: Kind): TruthStream[] {
  const name = streamOf(kind);
  const store = storeOf(portal, kind.name);
  const own = { ...stream(name, ['id'], () => objectRows(store, kind)), count: store.liveCount };
  const parent = `${kind.singular}_id`;
  const withHistory = WITH_HISTORY[kind.name];
  return [
    own,
    ...(kind.isMergeable ? [stream(`${name}_merges`, ['id', 'merged_id'], () => mergeRows(portal, kind))] : []),
    ...(withHistory === undefined
      ? []
      : [
          stream(`${name}_property_history`, [parent, 'property', 'timestamp'], () =>
            historyRows(portal, kind, { parent, properties: withHistory }),
          ),
        ]),
  ];
}

function stream(name: string, key: string[], rows: () => Iterable<Row>): TruthStream {
  return { stream: name, key, rows: { [Symbol.iterator]: () => rows()[Symbol.iterator]() } };
}

function associationStream(portal: Portal, pair: Pair): TruthStream {
  const [from, to] = [kinds.get(pair.from), kinds.get(pair.to)];
  if (from === undefined || to === undefined) throw new RangeError(`no types ${pair.from} and ${pair.to}`);
  const columns = { from: `${from.singular}_id`, to: `${to.singular}_id` };
  const key = [columns.from, columns.to, 'association_category', 'association_type_id'];
  return stream(`${streamOf(from)}_${to.isCustom ? streamOf(to) : to.name}`, key, () =>
    linkRows(portal, pair, columns),
  );
}

function* linkRows(portal: Portal, { from, to }: Pair, columns: { from: string; to: string }): Generator<Row> {
  const [sources, targets] = [storeOf(portal, from), storeOf(portal, to)];
  for (const position of sources.live(0)) {
    for (const one of portal.associations.of(from, position, to)) {
      for (const { category, typeId, label } of one.types) {
        yield {
          [columns.from]: sources.idOf(position),
          [columns.to]: targets.idOf(one.position),
          association_category: category,
          association_type_id: typeId,
          association_label: label,
          is_primary: label === 'Primary',
        };
      }
    }
  }
}

function* mergeRows(portal: Portal, kind: Kind): Generator<Row> {
  const store = storeOf(portal, kind.name);
  for (const position of store.live(0)) {
    const merged = store.properties(position)['hs_merged_object_ids'] ?? '';
    for (const merged_id of merged.split(';')) if (merged_id !== '') yield { id: store.idOf(position), merged_id };
  }
}

function* historyRows(
  portal: Portal,
  kind: Kind,
  { parent, properties }: { parent: string; properties: readonly string[] },
): Generator<Row> {
  const store = storeOf(portal, kind.name);
  for (const position of store.live(0)) {
    for (const property of properties) {
      for (const entry of store.history(position, property)) {
        const { value, timestamp, sourceType, sourceId } = writeHistory(entry);
        const source = { source_type: sourceType, source_id: sourceId };
        yield { [parent]: store.idOf(position), property, timestamp, value: value === '' ? null : value, ...source };
      }
    }
  }
}

function ownerRow(owner: Portal['owners'][number]): Row {
  return { userId: null, ...writeOwner(owner), teams: owner.teams };
}

function pipelineStreams(portal: Portal, type: string): TruthStream[] {
  const kind = kinds.get(type);
  if (kind === undefined) throw new RangeError(`no type ${type}`);
  const name = kind.isCustom ? streamOf(kind) : kind.singular;
  const own = () => portal.pipelines.filter((pipeline) => pipeline.type === type);
  const whole = (row: Row): Row => ({ archived: null, ...row });
  return [
    stream(`${name}_pipelines`, ['id'], () => own().map((one, order) => whole(pipelineFields(one, order)))),
    stream(`${name}_pipeline_stages`, ['pipeline_id', 'id'], () => own().flatMap(stageRows)),
  ];
}

function stageRows(pipeline: Pipeline): Row[] {
  return pipeline.stages.map((stage, order) => ({
    pipeline_id: pipeline.id,
    archived: null,
    writePermissions: null,
    ...writeStage(stage, order),
  }));
}

function listStore(portal: Portal, objectTypeId: string) {
  return storeOf(portal, objectTypeId === '0-2' ? 'companies' : 'contacts');
}

function* membershipRows(portal: Portal): Generator<Row> {
  for (const list of portal.lists) {
    const store = listStore(portal, list.objectTypeId);
    for (const { position, joinedAt } of membersOf(list, store)) {
      yield { list_id: list.id, record_id: store.idOf(position), membership_timestamp: isoInstant(joinedAt) };
    }
  }
}

/** Comments on a blog cannot be read. */
function* submissionRows(portal: Portal): Generator<Row> {
  for (const form of portal.forms) {
    if (form.type === 'blog_comment') continue;
    for (const submission of form.submissions) {
      const { conversionId, pageUrl, values } = writeSubmission(submission);
      const submitted_at = isoInstant(submission.submittedAt);
      yield { form_id: form.id, conversion_id: conversionId, submitted_at, page_url: pageUrl, values };
    }
  }
}

/** Each kind of sensitivity is a list of its own. */
function* propertyRows(): Generator<Row> {
  for (const kind of kinds.values()) {
    const orders = new Map<string, number>();
    for (const definition of kind.properties) {
      const order = orders.get(definition.sensitivity) ?? 0;
      orders.set(definition.sensitivity, order + 1);
      const written = writeDefinition(definition, kind.singular.replace('_', ''), order);
      yield { dataSensitivity: null, ...written, object_type: streamOf(kind) };
    }
  }
}
