import express from 'express';
import type { SandboxSource } from '../source-api.ts';

const TOKEN = 'notes-sandbox-token';

export const source: SandboxSource = {
  name: 'notes',
  port: 4050,
  tapSettings: (url) => ({ token: TOKEN, base_url: url }),
  create: ({ deals }) => {
    const rows = Array.from({ length: deals }, (_, index) => ({ id: `note-${index}`, text: `Note ${index}` }));
    const router = express.Router();
    router.get('/notes', (request, response) => {
      if (request.get('authorization') === `Bearer ${TOKEN}`) response.json(rows);
      else response.status(401).json({});
    });
    return {
      source: 'notes',
      router,
      truth: () => [{ stream: 'notes', key: ['id'], rows }],
      mutate: () => 'nothing',
      expireTokens: () => undefined,
    };
  },
};
