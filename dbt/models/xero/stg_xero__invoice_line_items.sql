{{ xero_line_items('invoice_line_items', 'invoice_id') }}
