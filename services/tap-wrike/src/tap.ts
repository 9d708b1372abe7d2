import { defineTap } from '@pipeline/tap-kit';
import { streamAccess } from './access.ts';
import { httpPolicy } from './client.ts';
import { connect } from './connect.ts';
import { consent } from './consent.ts';
import { Settings } from './settings.ts';
import { streams } from './streams.ts';
import { webhooks } from './webhooks.ts';

export const tap = defineTap({
  source: 'wrike',
  label: 'Wrike',
  tokenHelp: 'Apps & Integrations → API: make an app, and in it a permanent access token.',
  settings: Settings,
  http: httpPolicy,
  connect,
  streams,
  check: streamAccess,
  consent,
  webhooks,
});
