{% set columns = {'id': 'text', 'hs_title': 'text', 'hs_status': 'text', 'hs_quote_amount': 'numeric', 'hs_expiration_date': 'date', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as quote_id,
    hs_title as title,
    hs_status as status,
    hs_quote_amount as amount,
    hs_expiration_date as expires_on,
    nullif(hubspot_owner_id, '') as owner_id,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'quotes', columns) }} as quotes
where _sdc_deleted_at is null
