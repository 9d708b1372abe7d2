import { column } from '@pipeline/singer';
import { listStream } from './list-stream.ts';

/** Streams of the Resource add-on and of larger plans: an account without them gets 403, so they are read only when asked for. */
const isSelectedByDefault = false;

export const placeholders = listStream({
  name: 'placeholders',
  path: '/placeholders',
  columns: { title: column.string, shortTitle: column.string, jobRoleId: column.string },
  isSelectedByDefault,
  about: { scopes: ['amReadOnlyUser'] },
});

export const jobRoles = listStream({
  name: 'job_roles',
  path: '/jobroles',
  columns: { title: column.string, shortTitle: column.string, isDeleted: column.boolean },
  isSelectedByDefault,
  about: { scopes: ['amReadOnlyUser'] },
});

export const bookings = listStream({
  name: 'bookings',
  path: '/bookings',
  columns: {
    title: column.string,
    folderId: column.string,
    responsibleId: column.string,
    responsiblePlaceholderId: column.string,
    bookingDates: column.object,
    effortAllocation: column.object,
  },
  isSelectedByDefault,
  about: { scopes: ['Default|wsReadOnly'] },
});

export const timesheets = listStream({
  name: 'timesheets',
  path: '/timesheets',
  columns: { userId: column.string, startDate: column.date, endDate: column.date, approvalStatus: column.string },
  isSelectedByDefault,
  about: { scopes: ['Default|wsReadOnly'] },
});

export const hourlyRates = listStream({
  name: 'hourly_rates',
  path: '/hourly_rates',
  columns: {
    userId: column.string,
    jobRoleId: column.string,
    type: column.string,
    rate: column.number,
    currency: column.string,
  },
  isSelectedByDefault,
  about: { scopes: ['Default|wsReadOnly'] },
});
