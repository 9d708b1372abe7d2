{{ xero_advances('overpayments', 'overpayment') }}
