import { createHash } from 'node:crypto';
import { VERSION } from '../version.ts';

/** A run event of OpenLineage, as far as it is used here. https://openlineage.io/spec/2-0-2/OpenLineage.json */
export interface RunEvent {
  eventType: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';
  eventTime: string;
  producer: string;
  schemaURL: string;
  run: { runId: string; facets: Record<string, object> };
  job: { namespace: string; name: string; facets: Record<string, object> };
  inputs: Dataset[];
  outputs: Dataset[];
}

export interface Dataset {
  namespace: string;
  name: string;
  facets?: Record<string, object>;
  outputFacets?: Record<string, object>;
}

const PRODUCER = `urn:pipeline:scheduler:${VERSION}`;
const SPEC = 'https://openlineage.io/spec';
const facetUrl = (version: string, name: string) => `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`;
const facet = (version: string, name: string, value: object) => ({
  _producer: PRODUCER,
  _schemaURL: facetUrl(version, name),
  ...value,
});

export interface Happening {
  type: RunEvent['eventType'];
  at: Date;
  runId: string;
  job: { namespace: string; name: string; kind: 'EXTRACT' | 'BUILD' | 'MODEL' };
  /** The run that it is a part of. */
  parent?: { runId: string; name: string } | undefined;
  error?: string | null;
  inputs?: Dataset[];
  outputs?: Dataset[];
}

export function runEvent({ type, at, runId, job, parent, error, inputs = [], outputs = [] }: Happening): RunEvent {
  const { namespace, name, kind } = job;
  const integration = kind === 'EXTRACT' ? 'PIPELINE' : 'DBT';
  return {
    ...{ eventType: type, eventTime: at.toISOString(), producer: PRODUCER },
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId,
      facets: {
        ...(parent === undefined
          ? {}
          : {
              parent: facet('1-0-1', 'ParentRunFacet', {
                run: { runId: parent.runId },
                job: { namespace, name: parent.name },
              }),
            }),
        ...(typeof error === 'string'
          ? {
              errorMessage: facet('1-0-1', 'ErrorMessageRunFacet', {
                message: error,
                programmingLanguage: kind === 'EXTRACT' ? 'TypeScript' : 'SQL',
              }),
            }
          : {}),
      },
    },
    job: {
      namespace,
      name,
      facets: { jobType: facet('2-0-3', 'JobTypeJobFacet', { processingType: 'BATCH', integration, jobType: kind }) },
    },
    inputs,
    outputs,
  };
}

export function schemaFacet(columns: string[]): Record<string, object> {
  const fields = columns.map((name) => ({ name }));
  return { schema: facet('1-1-1', 'SchemaDatasetFacet', { fields }) };
}

export function rowsFacet(rowCount: number): Record<string, object> {
  return { outputStatistics: facet('1-0-2', 'OutputStatisticsOutputDatasetFacet', { rowCount }) };
}

/** A UUID of version 5: the same name of the same thing has the same one. https://www.rfc-editor.org/rfc/rfc9562#section-5.5 */
export function namedUuid(ofThing: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(ofThing.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
