/** A span as a receiver gets it. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Undefined: it is the first of its trace. */
  parentSpanId: string | undefined;
  name: string;
  startedAt: bigint;
  endedAt: bigint;
  attributes: Record<string, string | number | boolean>;
  isFailed: boolean;
}

const FAILED = 2n;

/** The spans of an ExportTraceServiceRequest.
 *  https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
export function readSpans(request: Buffer): ReceivedSpan[] {
  return messages(request, 1).flatMap((ofResource) => {
    const resource = attributesOf(messages(ofResource, 1)[0] ?? Buffer.alloc(0), 1);
    const service = String(resource['service.name']);
    return messages(ofResource, 2)
      .flatMap((ofScope) => messages(ofScope, 2))
      .map((span) => readSpan(service, span));
  });
}

function readSpan(service: string, span: Buffer): ReceivedSpan {
  const hex = (number: number) => messages(span, number)[0]?.toString('hex');
  const status = messages(span, 15)[0];
  return {
    service,
    traceId: hex(1) ?? '',
    spanId: hex(2) ?? '',
    parentSpanId: hex(4) || undefined,
    name: messages(span, 5)[0]?.toString() ?? '',
    startedAt: numbers(span, 7)[0] ?? 0n,
    endedAt: numbers(span, 8)[0] ?? 0n,
    attributes: attributesOf(span, 9),
    isFailed: status !== undefined && numbers(status, 3)[0] === FAILED,
  };
}

function attributesOf(message: Buffer, number: number): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    messages(message, number).map((attribute) => {
      const value = messages(attribute, 2)[0] ?? Buffer.alloc(0);
      return [messages(attribute, 1)[0]?.toString() ?? '', anyValue(value)];
    }),
  );
}

function anyValue(value: Buffer): string | number | boolean {
  const text = messages(value, 1)[0];
  if (text !== undefined) return text.toString();
  const truth = numbers(value, 2)[0];
  if (truth !== undefined) return truth === 1n;
  const double = numbers(value, 4)[0];
  if (double !== undefined) return new Float64Array(new BigUint64Array([double]).buffer)[0] ?? Number.NaN;
  return Number(numbers(value, 3)[0] ?? 0n);
}

type Field = { number: number; value: Buffer | bigint };

const messages = (message: Buffer, number: number): Buffer[] =>
  [...fields(message)].flatMap((field) => (field.number === number && Buffer.isBuffer(field.value) ? field.value : []));
const numbers = (message: Buffer, number: number): bigint[] =>
  [...fields(message)].flatMap((field) =>
    field.number === number && typeof field.value === 'bigint' ? field.value : [],
  );

/** The fields of a protobuf message: https://protobuf.dev/programming-guides/encoding/ */
function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wireType = tag & 7;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 1) yield { number, value: bytes(8).readBigUInt64LE() };
    else if (wireType === 2) yield { number, value: bytes(Number(varint())) };
    else if (wireType === 5) yield { number, value: BigInt(bytes(4).readUInt32LE()) };
    else throw new Error(`field ${number} has the unknown wire type ${wireType}`);
  }
}
