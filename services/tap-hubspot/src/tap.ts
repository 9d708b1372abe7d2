import { defineTap, type Stream } from '@pipeline/tap-kit';
import { z } from 'zod';
import { streamAccess } from './access.ts';
import { accountStreams } from './account-streams.ts';
import { httpPolicy } from './client.ts';
import { crmStream } from './crm/crm-stream.ts';
import { objectTypes } from './crm/object-types.ts';
import { pathOf } from './paths.ts';
import { parseResponse } from './response.ts';
import { Settings } from './settings.ts';
import { forms } from './streams/forms.ts';
import { lists } from './streams/lists.ts';
import { campaigns, marketingEmails } from './streams/marketing.ts';
import { owners } from './streams/owners.ts';
import { pipelinesOf } from './streams/pipelines.ts';
import { properties } from './streams/properties.ts';
import { teams, users } from './streams/users.ts';
import { webhooks } from './webhooks.ts';

const Details = z.object({ portalId: z.int(), uiDomain: z.string().nullish() });

const streams: Stream<Settings>[] = [
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

/** Scopes of the streams that are read unless streams are chosen. */
const scopes = [
  ...new Set(
    streams
      .filter(({ isSelectedByDefault }) => isSelectedByDefault !== false)
      .flatMap(({ about }) => about?.scopes ?? []),
  ),
].flatMap((scope) => scope.split('|').slice(0, 1));

export const tap = defineTap({
  source: 'hubspot',
  label: 'HubSpot',
  settings: Settings,
  http: httpPolicy,
  connect: async (http, settings) => {
    const path = pathOf(settings, 'account');
    const { portalId, uiDomain } = parseResponse(Details, await http.json({ path }), path);
    return { account: { id: String(portalId), name: `HubSpot ${portalId}${uiDomain ? ` (${uiDomain})` : ''}` } };
  },
  streams,
  discoverStreams: accountStreams,
  check: (context) => streamAccess(context, streams),
  consent: () => ({
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v3/token',
    scopes: ['oauth', ...scopes],
    clientAuth: 'form',
  }),
  webhooks,
});
