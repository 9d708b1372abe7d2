import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { fetchList } from '../list.ts';
import { toRecord } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

/** The one organisation that the connection reads. */
export const organisation = defineStream<XeroSettings>({
  name: 'organisation',
  keyProperties: ['OrganisationID'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    OrganisationID: column.key,
    Name: column.string,
    LegalName: column.string,
    PaysTax: column.boolean,
    Version: column.string,
    OrganisationType: column.string,
    BaseCurrency: column.string,
    CountryCode: column.string,
    IsDemoCompany: column.boolean,
    OrganisationStatus: column.string,
    RegistrationNumber: column.string,
    TaxNumber: column.string,
    FinancialYearEndDay: column.integer,
    FinancialYearEndMonth: column.integer,
    SalesTaxBasis: column.string,
    SalesTaxPeriod: column.string,
    DefaultSalesTax: column.string,
    DefaultPurchasesTax: column.string,
    PeriodLockDate: column.date,
    EndOfYearLockDate: column.date,
    CreatedDateUTC: column.dateTime,
    Timezone: column.string,
    OrganisationEntityType: column.string,
    ShortCode: column.string,
    Class: column.string,
    Edition: column.string,
    LineOfBusiness: column.string,
    Addresses: column.array,
    Phones: column.array,
    ExternalLinks: column.array,
    PaymentTerms: column.object,
  }),
  read: async function* ({ http }) {
    const { rows } = await fetchList(http, { name: 'Organisation' }, 'Organisations');
    // A secret of older integrations: it has no place in a warehouse.
    const records = rows.map(({ APIKey: _secret, ...row }) => toRecord(row));
    yield { type: 'records', stream: 'organisation', records };
    yield { type: 'deletes', stream: 'organisation', rule: { kind: 'absent' } };
  },
});
