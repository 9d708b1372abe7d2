import express, { type Router } from 'express';
import { z } from 'zod';
import { type Account, Flag, Names, pageOf, parsedQuery, requireScope } from '../company/account.ts';
import { FORM_TYPES, writeForm, writeSubmission } from '../company/forms.ts';
import { CAMPAIGN_PROPERTIES, writeCampaign, writeEmail } from '../company/marketing.ts';
import { formTypeNotAllowed, notFound, validationError } from './failure.ts';

const Page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(100), after: z.string().optional() });
const FormsQuery = Page.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  formTypes: Names,
  archived: Flag,
});
const SubmissionsQuery = Page.extend({ limit: z.coerce.number().int().min(1).max(50).default(20) });
const EmailsQuery = Page.extend({
  archived: Flag,
  includeStats: Flag,
  updatedAfter: z.string().optional(),
  sort: z.string().optional(),
});
const CampaignsQuery = Page.extend({ properties: Names, sort: z.string().optional() });

/** Forms with their submissions, marketing emails and campaigns. */
export function marketingRoutes(account: Account): Router {
  const router = express.Router();
  const { portal } = account;
  router.get(['/marketing/v3/forms', '/marketing/v3/forms/'], (request, response) => {
    requireScope(account, ['forms']);
    const { limit, after, archived, formTypes = ['hubspot'] } = parsedQuery(account, FormsQuery, request);
    const wanted: readonly string[] = formTypes.includes('all') ? FORM_TYPES : formTypes;
    const forms = portal.forms.filter((form) => form.archived === archived && wanted.includes(form.type));
    const { page, paging } = pageOf(forms, { limit, after, request });
    response.json({ results: page.map(writeForm), ...paging });
  });
  router.get('/marketing/v3/forms/:id', (request, response) => {
    requireScope(account, ['forms']);
    const form = portal.forms.find(({ id }) => id === request.params.id);
    if (form === undefined) throw notFound();
    response.json(writeForm(form));
  });
  router.get('/form-integrations/v1/submissions/forms/:id', (request, response) => {
    requireScope(account, ['forms']);
    const { limit, after } = parsedQuery(account, SubmissionsQuery, request);
    const form = portal.forms.find(({ id }) => id === request.params.id);
    if (form === undefined) throw notFound();
    if (form.type === 'blog_comment') throw formTypeNotAllowed();
    const { page, paging } = pageOf(form.submissions, { limit, after, request });
    response.json({ results: page.map(writeSubmission), ...paging });
  });
  router.get('/marketing/v3/emails', (request, response) => {
    requireScope(account, ['content', 'marketing-email']);
    const { limit, after, archived, includeStats, updatedAfter } = parsedQuery(account, EmailsQuery, request);
    const since = updatedAfter === undefined ? 0 : Date.parse(updatedAfter);
    const emails = portal.marketing.emails.filter((one) => one.archived === archived && one.updatedAt > since);
    const { page, paging } = pageOf(emails, { limit, after, request });
    response.json({ total: emails.length, results: page.map((one) => writeEmail(one, includeStats)), ...paging });
  });
  router.get('/marketing/v3/campaigns', (request, response) => {
    requireScope(account, ['marketing.campaigns.read']);
    const { limit, after, properties = [] } = parsedQuery(account, CampaignsQuery, request);
    const refused = properties.find((name) => name.startsWith('hs_') && !isCampaignProperty(name));
    if (refused !== undefined) throw validationError(`Property ${refused} cannot be requested`);
    const { campaigns } = portal.marketing;
    const { page, paging } = pageOf(campaigns, { limit, after, request });
    response.json({ total: campaigns.length, results: page.map((one) => writeCampaign(one, properties)), ...paging });
  });
  return router;
}

function isCampaignProperty(name: string): boolean {
  return CAMPAIGN_PROPERTIES.some((known) => known === name);
}
