import { sourceOfPipeline } from '@pipeline/protocol';
import { brokerFields, databaseFields, SECRET } from '@pipeline/service/config';
import { z } from 'zod';
import { readHookSecrets } from './hooks/read-secrets.ts';

export const config = z.object({
  PIPELINE_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(300)
    .describe('Pause between the end of a cycle and the start of the next, in seconds.'),
  PIPELINE_NAMES: z
    .string()
    .default('')
    .transform((names) =>
      names
        .split(/[\s,]+/)
        .filter((name) => name !== '')
        .map(sourceOfPipeline),
    )
    .describe(
      'Pipelines to run, in this order: pipeline_hubspot_to_postgres or short hubspot, separated by commas. Unset: all that have credentials.',
    ),
  PIPELINE_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe('Pipelines that run at the same time in a cycle.'),
  PIPELINE_ONCE: z
    .stringbool()
    .default(false)
    .describe('Run one cycle and exit: 0 if everything succeeded, 1 if anything failed.'),
  PIPELINE_DISCOVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('How long the first cycle waits for the taps to register, in seconds.'),
  DBT_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(3_600)
    .describe('A cycle whose dbt build has not ended by then counts as failed, in seconds.'),
  SCHEDULER_LEASE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(15)
    .describe('A standby takes over from a scheduler that has given no sign of life for this long, in seconds.'),
  STANDSTILL_SECONDS: z.coerce
    .number()
    .min(2)
    .max(3_600)
    .default(60)
    .describe(
      'What stands still for this long is set going again: a command that nobody took is sent again, and a stream whose batches were lost is read again. In seconds.',
    ),
  API_TOKEN: z
    .string()
    .min(16)
    .optional()
    .meta(SECRET)
    .describe(
      'An access token of the role admin, for page, command line and API. Unset: one is made at the first start and printed once.',
    ),
  CREDENTIALS_KEY: z
    .string()
    .min(1)
    .optional()
    .meta(SECRET)
    .describe(
      'Encrypts what connections and alert channels keep secret: 32 bytes in hexadecimal or base64, the same as the taps have. Unset: no secret can be saved.',
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .transform((url) => url?.replace(/\/+$/, ''))
    .describe(
      'Where people reach the page, for the redirect of consent pages: https://pipeline.example.com. Unset: as the request was addressed.',
    ),
  WEBHOOK_SECRETS: z
    .string()
    .default('')
    .transform((text, context) => readHookSecrets(text, (message) => context.addIssue({ code: 'custom', message })))
    .meta(SECRET)
    .describe(
      'What signs the webhooks to /hooks/<connection>, for connections that variables make: hubspot=…,xero=…. Unset: what was saved in the page.',
    ),
  TRUST_PROXY: z
    .stringbool()
    .default(false)
    .describe('Believe X-Forwarded-For and X-Forwarded-Proto of the proxy in front of the page.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta(SECRET)
    .describe('Sends alerts by e-mail: smtp://user:password@host:587. Unset: e-mail channels do not work.'),
  ALERT_MAIL_FROM: z.string().min(3).max(320).optional().describe('Sender of alerts by e-mail.'),
  RABBITMQ_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta(SECRET)
    .describe(
      "RabbitMQ's management interface, for bytes, rate and age of the queues on the page: http://host:15672, with user and password of RABBITMQ_URL unless it names others. Unset: the page shows their length alone.",
    ),
  OPENLINEAGE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Receiver of OpenLineage run events, such as Marquez: http://marquez:5000. Unset: no lineage is told.'),
  OPENLINEAGE_API_KEY: z.string().min(1).optional().meta(SECRET).describe('Bearer token for that receiver.'),
  OPENLINEAGE_NAMESPACE: z.string().min(1).max(200).default('pipeline').describe('Namespace of the jobs told of.'),
  DISK_STORAGE_PATH: z.string().min(1).default('.').describe('Folder whose disk is watched.'),
  ...databaseFields,
  ...brokerFields,
});
export type Config = z.output<typeof config>;
