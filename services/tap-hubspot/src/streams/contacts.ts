import { crmStream } from '../crm-stream.ts';

export const contacts = crmStream({
  name: 'contacts',
  modifiedProperty: 'lastmodifieddate',
  standardProperties: {
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
});
