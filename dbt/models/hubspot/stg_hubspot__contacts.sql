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
from {{ source('hubspot', 'contacts') }}
where _sdc_deleted_at is null
