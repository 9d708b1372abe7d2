/** Ids as sources write them: numbers, lists, UUIDs, and Wrike's capital letters and digits. Versions (`v4`, `2026-03`) are none. */
const ID = /^(\d+|.*,.*|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-.*|(?=.*[0-9])[A-Z0-9]{8,}|[A-Z]{10,})$/;

/** The path of a request as the label of a metric: ids are one word, so that there are as many labels as there are endpoints. */
export function endpointLabel(path: string): string {
  const [address = ''] = path.split('?');
  return address
    .split('/')
    .map((segment) => (ID.test(segment) ? ':id' : segment))
    .join('/');
}
