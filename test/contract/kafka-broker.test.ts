import { kafkaUnderTest } from '#test/support/brokers.ts';
import { brokerContract } from './broker.ts';

brokerContract('Kafka', kafkaUnderTest);
