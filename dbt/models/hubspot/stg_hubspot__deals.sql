{% set columns = {'id': 'text', 'dealname': 'text', 'description': 'text', 'dealtype': 'text', 'pipeline': 'text', 'dealstage': 'text', 'amount': 'numeric', 'deal_currency_code': 'text', 'amount_in_home_currency': 'numeric', 'hs_is_closed_won': 'boolean', 'hubspot_owner_id': 'text', 'num_associated_contacts': 'numeric', 'closedate': 'timestamptz', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as deal_id,
    dealname as deal_name,
    description,
    dealtype as deal_type,
    pipeline as pipeline_id,
    dealstage as stage_id,
    amount,
    deal_currency_code as currency_code,
    amount_in_home_currency,
    hs_is_closed_won as is_won,
    nullif(hubspot_owner_id, '') as owner_id,
    num_associated_contacts::bigint as contacts,
    closedate as closes_at,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'deals', columns) }} as deals
where _sdc_deleted_at is null
