import { z } from 'zod';

export const Settings = z.object({
  token: z.string().min(1).meta({ secret: true }).describe('Token of the account.'),
  base_url: z.url().default('https://api.notes.example').describe('Address of the API.'),
});
export type Settings = z.infer<typeof Settings>;
