import { defineTap } from '@pipeline/tap-kit';
import { check } from './check.ts';
import { httpPolicy } from './client.ts';
import { connect } from './connect.ts';
import { consent } from './consent.ts';
import { Settings } from './settings.ts';
import { streams } from './streams.ts';

export const tap = defineTap({
  source: 'wrike',
  label: 'Wrike',
  settings: Settings,
  http: httpPolicy,
  connect,
  streams,
  check,
  consent,
});
