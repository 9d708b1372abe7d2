import { pipelineName, sourceOfPipeline } from '@pipeline/contracts';
import type { StreamCommand } from '@pipeline/control';
import type { Request } from 'express';

export interface StreamParameters {
  name: string;
  stream: string;
}

/** There is one token, so every caller is `api`. */
export const ACTOR = 'api';

/** The pipeline may be named in short: `xero`. */
export function streamCommand({ params }: Request<StreamParameters>): StreamCommand {
  return { pipeline: pipelineName(sourceOfPipeline(params.name)), stream: params.stream, actor: ACTOR };
}
