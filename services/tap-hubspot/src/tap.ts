import { defineTap } from '@pipeline/tap-kit';
import { streamAccess } from './access.ts';
import { httpPolicy } from './client.ts';
import { connect } from './connect.ts';
import { consent } from './consent.ts';
import { Settings } from './settings.ts';
import { accountStreams } from './streams/account-streams.ts';
import { streams } from './streams.ts';
import { webhooks } from './webhooks.ts';

export const tap = defineTap({
  source: 'hubspot',
  label: 'HubSpot',
  tokenHelp:
    'Settings → Account management → Service keys → Create (older accounts: Settings → Integrations → Private apps). Tick the read scopes and copy the token.',
  settings: Settings,
  http: httpPolicy,
  connect,
  streams,
  discoverStreams: accountStreams,
  check: streamAccess,
  consent,
  webhooks,
});
