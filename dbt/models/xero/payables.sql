-- What is owed to suppliers today, by contact and currency.
{{ xero_aged_invoices('ACCPAY', key='payable_id', count='bills_open') }}
