export { type Broker, type BrokerHealth, type BrokerOptions, connectBroker, type QueueDepth } from './broker.ts';
export type { Settlement } from './consume-channel.ts';
export type { Consumer, ConsumerOptions, ConsumerState, Handler, OnGivingUp } from './consumer.ts';
export { ADMINISTRATOR, type DefinitionsOptions, definitions } from './definitions.ts';
export type { Delivery, Message } from './message.ts';
export type { Publisher, PublisherOptions, PublishOptions } from './publisher.ts';
