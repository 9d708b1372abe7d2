import type { Consent } from '@pipeline/tap-kit';
import { SCOPES_GRANULAR, type Settings } from './settings.ts';

/** The page on which a person lets the app read. `offline_access` is what brings a refresh token. */
export function consent(settings: Partial<Settings>): Consent {
  const { identity_url = 'https://identity.xero.com', login_url = 'https://login.xero.com' } = settings;
  return {
    authorizeUrl: `${login_url}/identity/connect/authorize`,
    tokenUrl: `${identity_url}/connect/token`,
    scopes: ['offline_access', ...(settings.scopes ?? SCOPES_GRANULAR).split(' ').filter(Boolean)],
    clientAuth: 'basic',
  };
}
