import type { EventName } from '@pipeline/protocol/api';

/** An event as it is told. */
export interface OutgoingEvent {
  name: EventName;
  data: object;
}
