import * as dbt from '../dbt.ts';
import { defineRoutes } from '../route.ts';

export const dbtRoutes = defineRoutes({
  listBuilds: {
    method: 'GET',
    path: '/api/dbt/builds',
    role: 'viewer',
    summary: 'dbt builds',
    query: dbt.BuildsQuery,
    response: dbt.Builds,
  },
  getBuild: {
    method: 'GET',
    path: '/api/dbt/builds/:id',
    role: 'viewer',
    summary: 'One build, node by node',
    params: dbt.BuildParameters,
    response: dbt.Build,
  },
  startBuild: {
    method: 'POST',
    path: '/api/dbt/builds',
    role: 'operator',
    summary: 'Asks for a build of everything, of what some sources feed, or of what failed',
    body: dbt.BuildRequest,
    response: dbt.BuildRequested,
    status: 202,
  },
  getGraph: {
    method: 'GET',
    path: '/api/dbt/graph',
    role: 'viewer',
    summary: 'Sources, models and tests with their states',
    response: dbt.Graph,
  },
  getNode: {
    method: 'GET',
    path: '/api/dbt/nodes/:id',
    role: 'viewer',
    summary: 'One node',
    params: dbt.NodeParameters,
    response: dbt.Node,
  },
  getFailures: {
    method: 'GET',
    path: '/api/dbt/nodes/:id/failures',
    role: 'admin',
    summary: 'Rows that a failed test found; audited',
    params: dbt.NodeParameters,
    response: dbt.Failures,
  },
});
