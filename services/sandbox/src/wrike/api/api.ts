import express from 'express';
import type { SourceApi, SourceApiOptions } from '../../source-api.ts';
import { Access } from '../access/access.ts';
import { hostInPath } from '../access/hosts.ts';
import { foundCompany } from '../company/company.ts';
import { mutateCompany } from '../company/mutate.ts';
import { wrikeTruth } from '../truth/truth.ts';
import { errorBody } from './responses.ts';
import { wrikeRoutes } from './routes.ts';

/** Wrike's API v4. */
export function createWrikeApi(options: SourceApiOptions): SourceApi {
  const company = foundCompany(options);
  const access = new Access(options);
  const router = express.Router();
  router.use(hostInPath(), access.loginRoutes());
  router.use('/api/v4', access.guard(), wrikeRoutes(company, options.notImitated));
  return {
    source: 'wrike',
    router,
    truth: () => wrikeTruth(company),
    mutate: (random) => mutateCompany(company, random),
    expireTokens: () => access.expireTokens(),
    failureBody: errorBody,
  };
}
