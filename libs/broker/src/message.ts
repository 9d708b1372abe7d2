import type { ConsumeMessage, Options } from 'amqplib';

/** A message to publish. Its id is made once by the one who first has something to say, and survives every retry. */
export interface Message {
  exchange: string;
  routingKey: string;
  messageId: string;
  /** What is in it: `batch`, `run`, or the type of an event. */
  type: string;
  /** Small: a schema belongs in the body. amqplib refuses more than 64 KiB. */
  headers?: Record<string, string | number | boolean>;
  contentType: string;
  contentEncoding?: string;
  body: Buffer;
  /** W3C trace context; travels as a header. */
  traceparent?: string;
}

/** A message as it arrived. Whoever handles it parses headers and body: anybody with access may have sent them. */
export interface Delivery {
  queue: string;
  exchange: string;
  routingKey: string;
  messageId: string | undefined;
  type: string | undefined;
  headers: Record<string, unknown>;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Buffer;
  traceparent: string | undefined;
  /** It was delivered before, perhaps to a consumer that is still at work. */
  isRedelivered: boolean;
  /** The user who published it, as the broker vouches: it refuses a message that names another one. Undefined: none was named. */
  userId: string | undefined;
  /** Aborted when the delivery was taken back: the channel is lost or the consumer stops. An ack has no effect any more. */
  signal: AbortSignal;
}

/** Persistent, mandatory and signed by its user; never an expiration, for nothing between accepted and committed may vanish. */
export function publishOptions(message: Message, mandatory: boolean, userId: string | undefined): Options.Publish {
  const { messageId, type, headers, contentType, contentEncoding, traceparent } = message;
  return {
    persistent: true,
    mandatory,
    messageId,
    type,
    contentType,
    ...(userId === undefined ? {} : { userId }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    headers: { ...headers, ...(traceparent === undefined ? {} : { traceparent }) },
  };
}

export function toDelivery(
  queue: string,
  { fields, properties, content }: ConsumeMessage,
  signal: AbortSignal,
): Delivery {
  const headers: Record<string, unknown> = { ...properties.headers };
  return {
    queue,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    messageId: text(properties.messageId),
    type: text(properties.type),
    headers,
    contentType: text(properties.contentType),
    contentEncoding: text(properties.contentEncoding),
    body: content,
    traceparent: text(headers['traceparent']),
    isRedelivered: fields.redelivered,
    userId: text(properties.userId),
    signal,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
