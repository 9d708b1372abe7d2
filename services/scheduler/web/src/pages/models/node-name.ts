/** `model.pipeline.stg_xero__invoices` and `stg_xero__invoices` are called the same on the page. */
export function shortName({ name }: { name: string }): string {
  return name.includes('.') ? (name.split('.').findLast((part) => !/^[0-9a-f]{10}$/.test(part)) ?? name) : name;
}

/** In the graph, where the column says the layer: `stg_xero__invoices` -> `invoices`. */
export function graphName(name: string): string {
  return shortName({ name }).replace(/^stg_[a-z0-9]+__/, '');
}
