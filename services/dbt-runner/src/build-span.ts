import type { DbtClaim } from '@pipeline/control';
import { cycleTrace } from '@pipeline/protocol';
import type { Span, Tracing } from '@pipeline/service';

/** A build as part of the first cycle that asked for it, with links to the others. PostgreSQL knows them, whoever builds. */
export function startBuildSpan(tracing: Tracing, target: string, claim: DbtClaim): Span {
  const [parent, ...links] = claim.cycleIds.map(cycleTrace);
  return tracing.start('dbt build', {
    ...{ parent, links, kind: 'consumer' },
    attributes: {
      ...{ 'dbt.run_id': claim.dbtRunId, 'dbt.target': target, 'dbt.sources': claim.sources.join(',') },
      'pipeline.epoch': claim.epoch,
    },
  });
}
