select
    tenant_id,
    organisation_id,
    name as organisation_name,
    legal_name,
    organisation_type,
    version as region_version,
    base_currency,
    country_code,
    timezone,
    tax_number,
    pays_tax,
    sales_tax_basis,
    sales_tax_period,
    financial_year_end_day::integer as financial_year_end_day,
    financial_year_end_month::integer as financial_year_end_month,
    period_lock_date,
    end_of_year_lock_date,
    organisation_status,
    is_demo_company,
    created_date_utc as created_at
from {{ source('xero', 'organisation') }}
where _sdc_deleted_at is null
