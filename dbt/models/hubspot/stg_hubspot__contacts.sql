{% set columns = {'id': 'text', 'email': 'text', 'firstname': 'text', 'lastname': 'text', 'phone': 'text', 'company': 'text', 'jobtitle': 'text', 'lifecyclestage': 'text', 'hs_lead_status': 'text', 'hs_email_optout': 'boolean', 'associatedcompanyid': 'numeric', 'hubspot_owner_id': 'text', 'num_conversion_events': 'numeric', 'recent_conversion_date': 'timestamptz', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as contact_id,
    email,
    firstname as first_name,
    lastname as last_name,
    phone,
    company as company_name,
    jobtitle as job_title,
    lifecyclestage as lifecycle_stage,
    hs_lead_status as lead_status,
    hs_email_optout as has_opted_out_of_email,
    associatedcompanyid::text as company_id,
    nullif(hubspot_owner_id, '') as owner_id,
    num_conversion_events::bigint as conversions,
    recent_conversion_date as last_converted_at,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'contacts', columns) }} as contacts
where _sdc_deleted_at is null
