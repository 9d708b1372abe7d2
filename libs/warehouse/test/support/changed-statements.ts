import type { PoolClient } from '@pipeline/postgres';

/** The client, with every statement that the engine sends as text changed like this: for mutations of what SQL protects. Streams of a COPY pass as they are.
 *  @param failed called for each error before it goes on to the engine. */
export function withChangedStatements(
  client: PoolClient,
  change: (statement: string) => string,
  failed: (error: unknown) => void = () => undefined,
): PoolClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value;
      return (statement: unknown, values?: unknown[]) => {
        // A COPY returns its stream at once.
        if (typeof statement !== 'string') return Reflect.apply(target.query, target, [statement]);
        return target.query(change(statement), values).catch((error: unknown) => {
          failed(error);
          throw error;
        });
      };
    },
  });
}
