import { defineTap } from '@pipeline/tap-kit';
import { httpPolicy } from './client.ts';
import { connect } from './connect.ts';
import { Settings } from './settings.ts';
import { streams } from './streams.ts';
import { webhooks } from './webhooks.ts';

export const tap = defineTap({
  source: 'notes',
  settings: Settings,
  http: httpPolicy,
  connect,
  streams,
  webhooks,
});
