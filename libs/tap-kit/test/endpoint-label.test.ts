import { endpointLabel } from '../src/executable/endpoint-label.ts';

describe('the label of an endpoint', () => {
  it.each([
    ['/tasks/IE4A2B3C5,IE4A2B3C6', '/tasks/:id'],
    ['/folders/IE4A2B3C5/tasks', '/folders/:id/tasks'],
    ['/crm/v4/objects/deals/17/associations/contacts?limit=500', '/crm/v4/objects/deals/:id/associations/contacts'],
    ['/api.xro/2.0/Invoices/0af76519-16cd-43dd-8448-eb211c80319c', '/api.xro/2.0/Invoices/:id'],
  ])('of %s is %s', (path, label) => {
    expect(endpointLabel(path)).toBe(label);
  });

  it.each([
    '/crm/objects/2026-03/deals/search',
    '/api.xro/2.0/BankTransactions',
    '/api.xro/2.0/Reports/BalanceSheet',
    '/customfields',
    '/crm/v3/properties/line_items',
  ])('keeps every word of %s', (path) => {
    expect(endpointLabel(path)).toBe(path);
  });
});
