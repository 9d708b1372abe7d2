import { loggableReason } from '../src/loggable-reason.ts';

describe('the part of a dbt message that may be logged', () => {
  it('keeps what failed and what PostgreSQL says about names', () => {
    const message =
      'Database Error in model deals (models/deals.sql)\n  relation "hubspot.deals" does not exist\n  LINE 3';
    expect(loggableReason(message)).toBe(
      'Database Error in model deals (models/deals.sql): relation "hubspot.deals" does not exist',
    );
  });

  it.each([
    'invalid input syntax for type integer: "4111 1111 1111 1111"',
    'Key (email)=(jane@example.com) already exists.',
    'value too long for type character varying(3): "secret"',
    'date/time field value out of range: "1899-99-99"',
  ])('leaves out what quotes a value: %s', (line) => {
    expect(loggableReason(`Database Error in model deals (models/deals.sql)\n  ${line}\n`)).toBe(
      'Database Error in model deals (models/deals.sql)',
    );
  });

  it.each([
    [
      "TargetNotFoundError: Compilation Error\n  Model 'model.pipeline.deals' (models/hubspot/deals.sql) depends on a node named 'stg_deals' which was not found",
      "TargetNotFoundError: Compilation Error: Model 'model.pipeline.deals' (models/hubspot/deals.sql) depends on a node named 'stg_deals' which was not found",
    ],
    [
      "Compilation Error in model deals (models/hubspot/deals.sql)\n  unexpected '}'\n    line 3\n      select {{ }}",
      "Compilation Error in model deals (models/hubspot/deals.sql): unexpected '}', line 3, select {{ }}",
    ],
  ])('names file, line and text of an error in the project', (message, reason) => {
    expect(loggableReason(message)).toBe(reason);
  });

  it('has no reason where dbt has no message', () => {
    expect(loggableReason(null)).toBeNull();
    expect(loggableReason('\n')).toBeNull();
  });
});
