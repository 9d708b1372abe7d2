import type { EventName } from '@pipeline/contracts/api';

/** An event as it is told. */
export interface OutgoingEvent {
  name: EventName;
  data: object;
}
