import type { Graph } from '../../schema.ts';

/** `model.pipeline.stg_xero__invoices` and `stg_xero__invoices` are called the same on the page. */
export function shortName({ name }: { name: string }): string {
  return name.includes('.') ? (name.split('.').findLast((part) => !/^[0-9a-f]{10}$/.test(part)) ?? name) : name;
}

/** In the graph, where the column says the layer: `stg_xero__invoices` -> `invoices`. */
export function graphName(name: string): string {
  return shortName({ name }).replace(/^stg_[a-z0-9]+__/, '');
}

export type NameOf = (node: { id: string; name: string }) => string;

/** Tests of relationships by what they compare: `invoice_line_items → invoices`. Others by their own name. */
export function testNames(relationships: Graph['relationships']): NameOf {
  const names = new Map(relationships.map(({ id, from, to }) => [id, `${graphName(from)} → ${graphName(to)}`]));
  return (node) => names.get(node.id) ?? shortName(node);
}
