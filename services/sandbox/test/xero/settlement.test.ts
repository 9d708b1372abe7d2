import { amountsOf, fateOf, paidBy, settledBooks } from '../../src/xero/company/settlement.ts';

describe('the settlement of original invoices', () => {
  it('is the same seen from the invoice and from its payments', () => {
    const { invoices, payments } = settledBooks(5_000);
    const paid = Array.from({ length: invoices }, (_, row) =>
      fateOf(row).payments.map((payment) => [payment, row]),
    ).flat();
    expect(paid.map(([payment]) => payment).toSorted((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: payments }, (_, row) => row),
    );
    for (const [payment = 0, invoice] of paid) expect(paidBy(payment).invoice).toBe(invoice);
  });

  it('pays an invoice exactly, or leaves something to pay', () => {
    const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
    for (const total of [50, 51, 12_345_67]) {
      expect(sum(amountsOf('paid', total))).toBe(total);
      expect(sum(amountsOf('paid-twice', total))).toBe(total);
      expect(sum(amountsOf('part-paid', total))).toBeLessThan(total);
      expect(amountsOf('open', total)).toEqual([]);
    }
  });
});
