import { z } from 'zod';

/** Where a test stack's servers are. Passed from Jest's set-up to its workers in the environment. */
export const StackConnections = z.strictObject({
  kind: z.enum(['containers', 'local']),
  postgres: z.strictObject({ host: z.string(), port: z.int(), user: z.string(), password: z.string() }),
  rabbitmq: z.strictObject({
    host: z.string(),
    port: z.int(),
    managementPort: z.int(),
    user: z.string(),
    password: z.string(),
  }),
});
export type StackConnections = z.infer<typeof StackConnections>;

/** A PostgreSQL and a RabbitMQ for tests. */
export interface TestStack {
  connections: StackConnections;
  /** Ends both and removes their data. */
  stop(): Promise<void>;
}

/** Of every role of a service in a test server: roles belong to the whole server, which test files share. */
export const ROLE_PASSWORD = 'of-a-test';

/** The variable that carries {@link StackConnections} as JSON. Set by hand, it names servers that are already running. */
export const CONNECTIONS_VARIABLE = 'TEST_STACK_CONNECTIONS';

/** The servers of this Jest run. @throws when the project's `globalSetup` did not start them. */
export function stackConnections(): StackConnections {
  const json = process.env[CONNECTIONS_VARIABLE];
  if (json === undefined) {
    throw new Error(`${CONNECTIONS_VARIABLE} is not set: this test belongs in a Jest project with globalSetup`);
  }
  return StackConnections.parse(JSON.parse(json));
}
