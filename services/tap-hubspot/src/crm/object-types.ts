import { commerceTypes, libraryTypes } from './commerce-types.ts';
import { engagementTypes } from './engagement-types.ts';
import { type ObjectType, objectType } from './object-type.ts';

const scope = (name: string) => [`crm.objects.${name}.read`];

/** What most companies sell with. */
const salesTypes: readonly ObjectType[] = [
  objectType({
    id: '0-3',
    name: 'deals',
    singular: 'deal',
    scopes: scope('deals'),
    createdProperty: 'createdate',
    isMergeable: true,
    hasPipelines: true,
    history: ['dealstage', 'pipeline'],
    associatedWith: ['companies', 'contacts', 'line_items', 'quotes'],
    standard: {
      amount: 'number',
      amount_in_home_currency: 'number',
      closedate: 'datetime',
      deal_currency_code: 'string',
      dealname: 'string',
      dealstage: 'string',
      dealtype: 'string',
      description: 'string',
      hs_is_closed_won: 'bool',
      hubspot_owner_id: 'string',
      num_associated_contacts: 'number',
      pipeline: 'string',
    },
  }),
  objectType({
    id: '0-1',
    name: 'contacts',
    singular: 'contact',
    scopes: scope('contacts'),
    modifiedProperty: 'lastmodifieddate',
    createdProperty: 'createdate',
    isMergeable: true,
    associatedWith: ['companies'],
    standard: {
      associatedcompanyid: 'number',
      company: 'string',
      email: 'string',
      firstname: 'string',
      hs_email_optout: 'bool',
      hs_lead_status: 'string',
      hubspot_owner_id: 'string',
      jobtitle: 'string',
      lastname: 'string',
      lifecyclestage: 'string',
      num_conversion_events: 'number',
      phone: 'string',
      recent_conversion_date: 'datetime',
    },
  }),
  objectType({
    id: '0-2',
    name: 'companies',
    singular: 'company',
    scopes: scope('companies'),
    createdProperty: 'createdate',
    isMergeable: true,
    standard: {
      address: 'string',
      annualrevenue: 'number',
      city: 'string',
      country: 'string',
      description: 'string',
      domain: 'string',
      hs_parent_company_id: 'number',
      hubspot_owner_id: 'string',
      industry: 'string',
      name: 'string',
      num_associated_deals: 'number',
      numberofemployees: 'number',
      state: 'string',
    },
  }),
];

/** Tickets, leads and what customers said. */
const serviceTypes: readonly ObjectType[] = [
  objectType({
    id: '0-5',
    name: 'tickets',
    singular: 'ticket',
    scopes: ['tickets'],
    createdProperty: 'createdate',
    isMergeable: true,
    hasPipelines: true,
    history: ['hs_pipeline_stage'],
    associatedWith: ['contacts', 'companies', 'deals'],
    standard: {
      closed_date: 'datetime',
      content: 'string',
      first_agent_reply_date: 'datetime',
      hs_pipeline: 'string',
      hs_pipeline_stage: 'string',
      hs_ticket_category: 'string',
      hs_ticket_priority: 'string',
      hubspot_owner_id: 'string',
      subject: 'string',
    },
  }),
  objectType({
    id: '0-136',
    name: 'leads',
    singular: 'lead',
    scopes: scope('leads'),
    hasPipelines: true,
    isSelectedByDefault: false,
  }),
  objectType({
    id: '0-19',
    name: 'feedback_submissions',
    singular: 'feedback_submission',
    scopes: scope('feedback_submissions'),
    isSelectedByDefault: false,
  }),
  objectType({
    id: '0-74',
    name: 'goal_targets',
    singular: 'goal_target',
    scopes: scope('goals'),
    isSelectedByDefault: false,
  }),
  objectType({
    id: '0-115',
    name: 'crm_users',
    singular: 'crm_user',
    scopes: scope('users'),
    isSelectedByDefault: false,
  }),
  objectType({
    id: '0-54',
    name: 'marketing_events',
    singular: 'marketing_event',
    scopes: scope('marketing_events'),
    isSelectedByDefault: false,
  }),
];

/** Every type that HubSpot defines, in the order in which people need them. */
export const objectTypes: readonly ObjectType[] = [
  ...salesTypes,
  ...engagementTypes,
  ...serviceTypes,
  ...commerceTypes,
  ...libraryTypes,
];

/** A type by its stream's name, its path name or its id. */
export function findType(types: readonly ObjectType[], name: string): ObjectType | undefined {
  const wanted = PATH_NAMES[name] ?? name;
  return types.find((type) => [type.name, type.id, type.singular].includes(wanted));
}

/** Names in HubSpot's paths that are not the stream's. */
const PATH_NAMES: Readonly<Record<string, string>> = { users: 'crm_users', deal_split: 'deal_splits' };
