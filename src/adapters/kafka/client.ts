import kafkajs, { type ISocketFactory, type Kafka, type logCreator, type RetryOptions } from 'kafkajs';
import { repairKafkajs } from './repairs.ts';

/** As pino: fields first, then the sentence. */
export type KafkaLog = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>>;

export type KafkaConnection = {
  /** `host:port` of the brokers to begin with. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: KafkaLog;
  /** How to reach a broker; tests cut and hold connections here. */
  readonly sockets?: ISocketFactory;
};

/** kafkajs calls each answer it retries an error; only these lines say that something is wrong. */
const ALARMING = ['Crash: ', 'Offset out of range', 'Error when calling eachBatch', 'Failed to execute listener'];

/** kafkajs's lines in our log: its retries at debug, what is really wrong at error. */
export const kafkajsLog =
  (log: KafkaLog): logCreator =>
  () =>
  ({ namespace, log: { message, timestamp: _, ...fields } }) => {
    const level = ALARMING.some((start) => message.startsWith(start)) ? 'error' : 'debug';
    log[level]({ ...fields, from: namespace }, message);
  };

/** Waiting for a broker that restarts: about twenty seconds in all, then whoever asked fails. */
export const PATIENT: RetryOptions = {
  initialRetryTime: 50,
  factor: 0.2,
  multiplier: 1.5,
  maxRetryTime: 2_000,
  retries: 16,
};

/** Settings that a kafkajs client and its inner cluster share. The default of 1 s to connect is too short on a busy machine. */
export const connectionSettings = (connection: KafkaConnection) => ({
  brokers: [...connection.brokers],
  clientId: connection.clientId,
  connectionTimeout: 5_000,
  requestTimeout: 30_000,
  enforceRequestTimeout: true,
  ...(connection.sockets === undefined ? {} : { socketFactory: connection.sockets }),
});

/**
 * A kafkajs client of its own for each consumer and each writer: clients share one map of committed offsets a group, so two
 * members of a group on one client clear each other's positions.
 */
export const kafkaClient = (connection: KafkaConnection, retry: RetryOptions): Kafka => {
  repairKafkajs();
  return new kafkajs.Kafka({
    ...connectionSettings(connection),
    retry,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkajsLog(connection.log),
  });
};
