import { useResource } from '../queries.ts';
import type { Now } from '../schema.ts';

/** What people call a connection: `hubspot` -> `HubSpot`. Its name, until it is known. */
export function useConnectionLabel(): (name: string) => string {
  const pipelines = useResource<Now>('/api/now').data?.pipelines;
  return (name) => pipelines?.find(({ connection }) => connection === name)?.label ?? name;
}
