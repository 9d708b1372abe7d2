{% set columns = {'id': 'text', 'name': 'text', 'domain': 'text', 'description': 'text', 'industry': 'text', 'address': 'text', 'city': 'text', 'state': 'text', 'country': 'text', 'annualrevenue': 'numeric', 'numberofemployees': 'numeric', 'num_associated_deals': 'numeric', 'hubspot_owner_id': 'text', 'hs_parent_company_id': 'numeric', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as company_id,
    name as company_name,
    domain,
    description,
    industry,
    address,
    city,
    state,
    country,
    annualrevenue as annual_revenue,
    numberofemployees as employees,
    num_associated_deals::bigint as deals,
    nullif(hubspot_owner_id, '') as owner_id,
    hs_parent_company_id::text as parent_company_id,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'companies', columns) }} as companies
where _sdc_deleted_at is null
