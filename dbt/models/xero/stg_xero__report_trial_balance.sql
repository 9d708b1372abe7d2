{{ xero_report_lines('report_trial_balance', ['debit', 'credit', 'ytd_debit', 'ytd_credit']) }}
