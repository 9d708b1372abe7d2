import express, { type Router } from 'express';
import { z } from 'zod';
import { type Account, pageOf, parsedQuery, requireScope } from '../company/account.ts';
import { type Owner, TEAMS } from '../company/owners.ts';
import { PORTAL_ID, type Portal } from '../company/portal.ts';
import type { CallLimits } from './call-limits.ts';

const Page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(100), after: z.string().optional() });
const NoQuery = z.object({});

/** Users, teams and the account itself. */
export function settingsRoutes(account: Account, limits: CallLimits): Router {
  const router = express.Router();
  const { portal } = account;
  router.get('/settings/users/v3', (request, response) => {
    requireScope(account, ['settings.users.read']);
    const { limit, after } = parsedQuery(account, Page, request);
    const { page, paging } = pageOf(usersOf(portal), { limit, after, request });
    response.json({ results: page, ...paging });
  });
  router.get('/settings/v3/users/teams', (request, response) => {
    requireScope(account, ['settings.users.teams.read']);
    parsedQuery(account, NoQuery, request);
    response.json({ results: teamsOf(portal) });
  });
  router.get('/account-info/v3/details', (_request, response) => {
    response.json({
      portalId: PORTAL_ID,
      accountType: 'STANDARD',
      timeZone: 'US/Eastern',
      companyCurrency: 'USD',
      additionalCurrencies: ['EUR', 'GBP'],
      utcOffset: '-05:00',
      utcOffsetMilliseconds: -18_000_000,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'na1',
    });
  });
  router.get('/account-info/v3/api-usage/daily/private-apps', (_request, response) => {
    const { limit, used, resetsAt } = limits.today();
    const collectedAt = new Date(account.now()).toISOString();
    const counts = { usageLimit: limit, currentUsage: used, collectedAt, fetchStatus: 'SUCCESS' };
    response.json({ results: [{ name: 'private-apps-api-calls-daily', ...counts, resetsAt }] });
  });
  return router;
}

/** Active users, as the API of user provisioning writes them. */
export function usersOf(portal: Portal): Record<string, unknown>[] {
  return portal.owners
    .filter(({ archived }) => !archived)
    .map(({ userId, email, firstName, lastName, teams }) => ({
      id: String(userId),
      email,
      firstName,
      lastName,
      roleIds: [],
      superAdmin: userId % 7 === 0,
      primaryTeamId: teams[0]?.id ?? null,
      secondaryTeamIds: teams.slice(1).map(({ id }) => id),
    }));
}

export function teamsOf(portal: Portal): Record<string, unknown>[] {
  const members = (isIn: (owner: Owner) => boolean) =>
    portal.owners.filter((owner) => !owner.archived && isIn(owner)).map(({ userId }) => String(userId));
  return TEAMS.map(({ id, name }) => ({
    id,
    name,
    userIds: members(({ teams }) => teams[0]?.id === id),
    secondaryUserIds: members(({ teams }) => teams.slice(1).some((team) => team.id === id)),
  }));
}
