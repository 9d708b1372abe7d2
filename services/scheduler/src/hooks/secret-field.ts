import type { SettingField } from '@pipeline/protocol/api';

/** The secret of a connection with which its webhooks are signed. */
export const WEBHOOK_SECRET = 'webhook_secret';

/** The field of the connection's form. Only the scheduler needs it: no tap describes it. */
export const WEBHOOK_SECRET_FIELD: SettingField = {
  name: WEBHOOK_SECRET,
  label: 'Webhook secret',
  description:
    'With which the source signs its webhooks to /hooks/<connection>; they only make the next run start at once. Without it they are refused.',
  type: 'text',
  isSecret: true,
  isRequired: false,
  variable: 'WEBHOOK_SECRETS',
};
