import { dotNetDate } from '../api/dotnet-date.ts';
import { Guids } from './guid.ts';
import type { History } from './history.ts';

export interface Organisation {
  id: string;
  name: string;
  legalName: string;
  createdAt: number;
  /** Nothing may be posted on or before this day. */
  periodLockDate: number;
}

export function makeOrganisation(salt: number, history: History, name = 'Sandbox Company'): Organisation {
  return {
    id: new Guids(salt).of(0),
    name: `${name} (NZ)`,
    legalName: `${name} Limited`,
    createdAt: history.dayOf(0, 1) + 34_393_000,
    periodLockDate: history.dayOf(0, 1),
  };
}

export function writeOrganisation(organisation: Organisation): Record<string, unknown> {
  return {
    APIKey: 'CTJ60UH519MXQIXEJSDPDALS3EOZ5Y',
    Name: organisation.name,
    LegalName: organisation.legalName,
    PaysTax: true,
    Version: 'NZ',
    OrganisationType: 'COMPANY',
    BaseCurrency: 'NZD',
    CountryCode: 'NZ',
    IsDemoCompany: false,
    OrganisationStatus: 'ACTIVE',
    TaxNumber: '071-138-054',
    FinancialYearEndDay: 31,
    FinancialYearEndMonth: 3,
    SalesTaxBasis: 'PAYMENTS',
    SalesTaxPeriod: 'TWOMONTHS',
    DefaultSalesTax: 'Tax Exclusive',
    DefaultPurchasesTax: 'Tax Exclusive',
    PeriodLockDate: dotNetDate(organisation.periodLockDate),
    CreatedDateUTC: dotNetDate(organisation.createdAt),
    OrganisationEntityType: 'COMPANY',
    Timezone: 'NEWZEALANDSTANDARDTIME',
    ShortCode: '!mBdtL',
    OrganisationID: organisation.id,
    Edition: 'BUSINESS',
    Class: 'PREMIUM',
    Addresses: [],
    Phones: [],
    ExternalLinks: [],
    PaymentTerms: {},
  };
}
