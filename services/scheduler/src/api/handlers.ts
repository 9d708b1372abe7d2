import type { ApiDeps } from './deps.ts';
import { accessHandlers } from './handlers/access.ts';
import { alertChannelHandlers } from './handlers/alert-channels.ts';
import { checkHandlers } from './handlers/checks.ts';
import { configurationHandlers } from './handlers/configuration.ts';
import { connectionHandlers } from './handlers/connections.ts';
import { consentHandlers } from './handlers/consents.ts';
import { cycleHandlers } from './handlers/cycles.ts';
import { dbtHandlers } from './handlers/dbt.ts';
import { loadHandlers } from './handlers/load.ts';
import { nowHandlers } from './handlers/now.ts';
import { pipelineHandlers } from './handlers/pipelines.ts';
import { deadLetterHandlers, rejectedHandlers } from './handlers/quarantine.ts';
import { runLogHandlers } from './handlers/run-log.ts';
import { runHandlers } from './handlers/runs.ts';
import { streamHandlers } from './handlers/streams.ts';
import { systemHandlers } from './handlers/system.ts';
import type { Handlers } from './http/handler.ts';

/** A handler for every route: a route without one does not compile. */
export function handlersOf(deps: ApiDeps): Handlers {
  return {
    ...accessHandlers(deps),
    ...nowHandlers(deps),
    ...pipelineHandlers(deps),
    ...cycleHandlers(deps),
    ...runHandlers(deps),
    ...runLogHandlers(deps),
    ...streamHandlers(deps),
    ...rejectedHandlers(deps),
    ...deadLetterHandlers(deps),
    ...dbtHandlers(deps),
    ...connectionHandlers(deps),
    ...checkHandlers(deps),
    ...consentHandlers(deps),
    ...configurationHandlers(deps),
    ...systemHandlers(deps),
    ...loadHandlers(deps),
    ...alertChannelHandlers(deps),
  };
}
