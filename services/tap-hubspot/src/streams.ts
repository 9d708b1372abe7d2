import type { Stream } from '@pipeline/tap-kit';
import { crmStream } from './crm/crm-stream.ts';
import { objectTypes } from './crm/object-types.ts';
import type { Settings } from './settings.ts';
import { forms } from './streams/forms.ts';
import { lists } from './streams/lists.ts';
import { campaigns, marketingEmails } from './streams/marketing.ts';
import { owners } from './streams/owners.ts';
import { pipelinesOf } from './streams/pipelines.ts';
import { properties } from './streams/properties.ts';
import { teams, users } from './streams/users.ts';

/** Streams that every account may have. */
export const streams: Stream<Settings>[] = [
  owners,
  ...objectTypes.filter(({ hasPipelines }) => hasPipelines).map(pipelinesOf),
  ...objectTypes.map((type) => crmStream(type, objectTypes)),
  lists,
  forms,
  marketingEmails,
  campaigns,
  users,
  teams,
  properties,
];
