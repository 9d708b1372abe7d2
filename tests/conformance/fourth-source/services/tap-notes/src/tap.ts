import { defineTap } from '@pipeline/tap-kit';
import { Settings } from './settings.ts';
import { notes } from './streams/notes.ts';

export const tap = defineTap({
  source: 'notes',
  settings: Settings,
  http: ({ base_url: baseUrl, token }: Settings) => ({
    baseUrl,
    auth: { kind: 'bearer', token },
    limits: [{ name: 'minute', requests: 60, perMs: 60_000 }],
  }),
  connect: async (http) => {
    await http.json({ path: '/notes' });
    return {};
  },
  streams: [notes],
});
