import { defineTap } from '@pipeline/tap-kit';
import { connect, httpPolicy } from './access.ts';
import { Settings } from './settings.ts';
import { account } from './streams/account.ts';
import { contacts } from './streams/contacts.ts';
import { folders } from './streams/folders.ts';
import { spaces } from './streams/spaces.ts';
import { tasks } from './streams/tasks.ts';
import { timelogs } from './streams/timelogs.ts';
import { workflows } from './streams/workflows.ts';

export const tap = defineTap({
  source: 'wrike',
  settings: Settings,
  http: httpPolicy,
  connect,
  streams: [account, contacts, spaces, folders, workflows, tasks, timelogs],
});
