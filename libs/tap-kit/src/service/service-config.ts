import { brokerFields, databaseFields } from '@pipeline/service/config';
import { z } from 'zod';
import { config } from '../config.ts';

/** What a tap reads as a service, besides the variables that its `config.yml` names. */
export const serviceConfig = z.object({ ...databaseFields, ...brokerFields, ...config.shape });
export type ServiceConfig = z.infer<typeof serviceConfig>;
