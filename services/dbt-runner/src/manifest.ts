import { createHash } from 'node:crypto';
import type { DbtManifest, DbtNode } from '@pipeline/control';
import { z } from 'zod';
import { readArtifact } from './artifacts.ts';

/** What every kind of node has. https://schemas.getdbt.com/dbt/manifest/v12.json */
const named = {
  unique_id: z.string(),
  resource_type: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  original_file_path: z.string().nullish(),
};
const Node = z.object({
  ...named,
  schema: z.string().nullish(),
  alias: z.string().nullish(),
  depends_on: z.object({ nodes: z.array(z.string()).nullish() }).nullish(),
  compiled_code: z.string().nullish(),
  attached_node: z.string().nullish(),
  column_name: z.string().nullish(),
  test_metadata: z.object({ name: z.string() }).nullish(),
});
type Node = z.infer<typeof Node>;
const Source = z.object({ ...named, schema: z.string(), identifier: z.string() });

const Manifest = z.object({
  nodes: z.record(z.string(), Node),
  sources: z.record(z.string(), Source),
  exposures: z.record(z.string(), Node).nullish(),
});

/** Hooks and analyses are nodes too; they are in nobody's graph. */
const KINDS = new Set(['model', 'test', 'seed', 'snapshot', 'exposure']);

/** The project as `manifest.json` says it. Undefined: dbt stopped before it wrote one. @throws when dbt's form has changed */
export async function readManifest(targetPath: string): Promise<DbtManifest | undefined> {
  const manifest = await readArtifact(targetPath, 'manifest.json', Manifest);
  if (manifest === undefined) return undefined;
  const nodes = [...Object.values(manifest.nodes), ...Object.values(manifest.exposures ?? {})]
    .filter(({ resource_type }) => KINDS.has(resource_type))
    .map(toNode);
  return withHash([...Object.values(manifest.sources).map(toSource), ...nodes]);
}

function withHash(unsorted: DbtNode[]): DbtManifest {
  const nodes = unsorted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const text = JSON.stringify(nodes.map(({ sql: _, ...node }) => node));
  return { hash: createHash('sha256').update(text).digest('hex'), nodes };
}

function toSource(source: z.infer<typeof Source>): DbtNode {
  return { ...common(source), databaseSchema: source.schema, relation: source.identifier, ...NOTHING_COMPILED };
}

const NOTHING_COMPILED = { parents: [], sql: null, test: null };

function toNode(node: Node): DbtNode {
  const isTest = node.resource_type === 'test';
  return {
    ...common(node),
    databaseSchema: isTest ? null : (node.schema ?? null),
    relation: isTest ? null : (node.alias ?? null),
    parents: parentsOf(node),
    sql: node.compiled_code ?? null,
    test: isTest ? testOf(node) : null,
  };
}

/** A test of relationships refers from the node it is declared at to another, whatever the order in which dbt resolved them. */
function parentsOf({ depends_on, attached_node }: Node): string[] {
  const parents = depends_on?.nodes ?? [];
  return parents.toSorted((a, b) => Number(b === attached_node) - Number(a === attached_node));
}

function testOf({ test_metadata, column_name }: Node): NonNullable<DbtNode['test']> {
  return {
    ...(test_metadata ? { name: test_metadata.name } : {}),
    ...(column_name ? { column: column_name } : {}),
  };
}

function common(
  node: z.infer<z.ZodObject<typeof named>>,
): Pick<DbtNode, 'id' | 'kind' | 'name' | 'description' | 'path'> {
  return {
    id: node.unique_id,
    kind: node.resource_type,
    name: node.name,
    description: node.description ?? '',
    path: node.original_file_path ?? '',
  };
}
