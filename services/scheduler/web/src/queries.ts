import { QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ApiFailure, read } from './api.ts';

const RETRIES_MAX = 2;
/** Events say what changed; this only spares a second request when a page is opened twice in a row. */
const FRESH_MS = 2_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      refetchOnWindowFocus: false,
      // A refusal stays one; what did not arrive may arrive the next time.
      retry: (failures, error) => failures < RETRIES_MAX && error instanceof ApiFailure && error.status >= 500,
    },
  },
});

export type Query<Body> = Pick<UseQueryResult<Body, Error>, 'data' | 'error' | 'isFetching' | 'refetch'>;

/** A resource of the API, read once and again when an event says that it changed. Its path is its key.
 *  @param path null: not now. */
export function useResource<Body>(path: string | null): Query<Body> {
  return useQuery<Body, Error>({
    queryKey: [path ?? ''],
    queryFn: ({ signal }) => read<Body>(path ?? '', signal),
    enabled: path !== null,
  });
}

/** Has every shown resource below these paths read again. */
export function invalidate(prefixes: readonly string[]): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [path] }) => prefixes.some((prefix) => typeof path === 'string' && path.startsWith(prefix)),
  });
}
