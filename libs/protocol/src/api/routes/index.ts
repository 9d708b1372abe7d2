import { accessRoutes } from './access.ts';
import { connectionRoutes } from './connections.ts';
import { dbtRoutes } from './dbt.ts';
import { nowRoutes } from './now.ts';
import { pipelineRoutes } from './pipelines.ts';
import { quarantineRoutes } from './quarantine.ts';
import { runRoutes } from './runs.ts';
import { streamRoutes } from './streams.ts';
import { systemRoutes } from './system.ts';

/** Every route of the API by its operation's name. Paths that name one thing stand before those with a parameter in their place. */
export const routes = {
  ...accessRoutes,
  ...nowRoutes,
  ...pipelineRoutes,
  ...runRoutes,
  ...streamRoutes,
  ...quarantineRoutes,
  ...dbtRoutes,
  ...connectionRoutes,
  ...systemRoutes,
};
export type Routes = typeof routes;
export type RouteName = keyof Routes;
