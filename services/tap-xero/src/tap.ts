import { defineTap } from '@pipeline/tap-kit';
import { streamAccess } from './access.ts';
import { httpPolicy } from './client.ts';
import { connect } from './connect.ts';
import { consent } from './consent.ts';
import { Settings } from './settings.ts';
import { streams } from './streams.ts';
import { webhooks } from './webhooks.ts';

export const tap = defineTap({
  source: 'xero',
  label: 'Xero',
  tokenHelp:
    'Make an app at developer.xero.com. A custom connection needs its client id and secret alone; a web app is connected by the consent page.',
  settings: Settings,
  spreadsRequests: true,
  http: httpPolicy,
  connect,
  streams,
  check: streamAccess,
  consent,
  webhooks,
});
