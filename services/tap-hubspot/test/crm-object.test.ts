import { type CrmObject, crmRecord, crmSchema, mergedAway } from '../src/crm/crm-object.ts';

const object = (properties: Record<string, unknown>, more: Partial<CrmObject> = {}): CrmObject => ({
  id: '7',
  createdAt: '2024-01-01T00:00:00.000Z',
  updatedAt: '2024-02-01T00:00:00.000Z',
  archived: false,
  properties,
  ...more,
});

describe('crmRecord', () => {
  it('makes every property a column, also those without a value', () => {
    const properties = [
      { name: 'amount', type: 'number' },
      { name: 'dealname', type: 'string' },
    ];
    expect(crmRecord(object({ amount: '12' }), properties)).toEqual({
      id: '7',
      createdAt: '2024-01-01T00:00:00.000Z',
      updatedAt: '2024-02-01T00:00:00.000Z',
      archived: false,
      amount: 12,
      dealname: null,
      _unparsed: null,
    });
  });

  it('keeps what is not of its type', () => {
    const record = crmRecord(object({ amount: '1,250' }), [{ name: 'amount', type: 'number' }]);
    expect(record).toMatchObject({ amount: null, _unparsed: { amount: '1,250' } });
  });

  it('does not let a property take the place of a column of the record', () => {
    const properties = [{ name: 'id', type: 'string' }];
    expect(crmRecord(object({ id: 'mine' }), properties)).toMatchObject({ id: '7', property_id: 'mine' });
    expect(crmSchema(properties).properties).toMatchObject({ id: { type: ['string'] }, property_id: {} });
  });

  it('makes an archived object a tombstone', () => {
    const archived = object({}, { archived: true, archivedAt: '2024-03-01T00:00:00.000Z' });
    expect(crmRecord(archived, [])).toMatchObject({ archived: true, _sdc_deleted_at: '2024-03-01T00:00:00.000Z' });
    expect(crmRecord(object({}), [])).not.toHaveProperty('_sdc_deleted_at');
  });
});

describe('mergedAway', () => {
  it('returns one tombstone for each merged object', () => {
    const ids = mergedAway(object({ hs_merged_object_ids: '5; 6;5' })).map(({ id }) => id);
    expect(ids).toEqual(['5', '6']);
  });

  it('never buries the winner, nor what is no id', () => {
    expect(mergedAway(object({ hs_merged_object_ids: '7;;x' }))).toEqual([]);
    expect(mergedAway(object({ hs_merged_object_ids: '' }))).toEqual([]);
  });
});
