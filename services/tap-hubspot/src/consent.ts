import type { Consent } from '@pipeline/tap-kit';
import { streams } from './streams.ts';

/** Scopes of the streams that are read unless streams are chosen. */
const SCOPES = [
  ...new Set(
    streams
      .filter(({ isSelectedByDefault }) => isSelectedByDefault !== false)
      .flatMap(({ about }) => about?.scopes ?? []),
  ),
].flatMap((scope) => scope.split('|').slice(0, 1));

/** The page on which a person installs the app in an account. */
export function consent(): Consent {
  return {
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v3/token',
    scopes: ['oauth', ...SCOPES],
    clientAuth: 'form',
  };
}
