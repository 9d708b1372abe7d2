export interface Payment {
  /** Row of the invoice that it pays. */
  invoice: number;
  /** Row of the bank account. */
  account: number;
  /** Midnight UTC, epoch milliseconds. */
  date: number;
  /** In cents of the invoice's currency. */
  amount: number;
  reference: string;
  isReconciled: boolean;
  status: 'AUTHORISED' | 'DELETED';
}
